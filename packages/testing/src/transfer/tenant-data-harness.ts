import type { Writable } from "node:stream";
import type { Tenant } from "@af-tenancy/core";
import type { DataEntities } from "./data-entities.ts";

/** How the contract gets at an application whose tenants' data goes in and out. */
export interface TenantDataHarness {
  /** Starts the application, whose entities are those of `dataEntities`; called once. */
  start(): Promise<DataSite>;
  /** The column that says whose a row is, where tenants share tables. */
  readonly tenantColumn?: string;
  /** What a column of floating-point numbers keeps besides finite ones. */
  readonly keepsNumbers: readonly ("NaN" | "Infinity" | "-Infinity")[];
  /** Checks only that values are carried, where another strategy of the same engine is checked as a whole. */
  readonly brief?: boolean;
}

/** An application with tenants. */
export interface DataSite {
  readonly entities: DataEntities;
  readonly data: DataCalls;
  /** Makes a tenant of its own for a test. */
  add(): Promise<Tenant>;
  /** Runs work with the tenant as it is given, and its entity manager. */
  run<R>(tenant: Tenant, work: (em: DataManager) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** What the contract uses of the calls for data. */
export interface DataCalls {
  export(options: {
    readonly format: "jsonl" | "csv";
    readonly to: Writable | ((entity: string) => Writable);
    readonly entities?: never[];
    readonly snapshot?: boolean;
  }): Promise<{ readonly rows: Readonly<Record<string, number>> }>;
  import(options: {
    readonly format: "jsonl" | "csv";
    readonly from: Iterable<string> | AsyncIterable<string>;
    readonly entity?: string;
    readonly onConflict?: "fail" | "skip" | "update";
    readonly onInvalid?: "stop" | "skip";
    readonly dryRun?: boolean;
    readonly atomic?: boolean;
    readonly batch?: number;
  }): Promise<LoadedRows>;
  copy(options: {
    readonly from: Tenant;
    readonly to: Tenant;
    readonly entities?: readonly string[];
    readonly where?: Readonly<Record<string, object>>;
    readonly onConflict?: "fail" | "skip" | "update";
  }): Promise<LoadedRows>;
}

/** What came of an import or a copy. */
export interface LoadedRows {
  readonly rows: Readonly<Record<string, { readonly inserted: number; readonly skipped: number }>>;
  readonly issues: readonly { readonly line: number; readonly code: string }[];
}

/** What the contract uses of an entity manager. */
export interface DataManager {
  insert(entity: unknown, row: object): Promise<unknown>;
  insertMany(entity: unknown, rows: object[]): Promise<unknown>;
  count(entity: unknown, where?: object): Promise<number>;
  nativeUpdate(entity: unknown, where: object, values: object): Promise<number>;
  findOneOrFail(entity: unknown, key: object): Promise<Record<string, unknown>>;
}
