import type { MikroOrmDatabases } from "@af-tenancy/database";
import type { MemoryEntity } from "./thirty-entities.ts";

/** What is measured for each tenant after it made its queries. */
export interface MemoryCase {
  /** The most that a tenant may take, in bytes. */
  readonly promise: number;
  /** Heap in use, or resident memory of the process. */
  readonly of: "heap" | "rss";
  /** How many tenants are measured. */
  readonly tenants: number;
  /** How many tenants are remembered that nobody uses. */
  readonly handles: number;
  /** How many files or connections may be open. */
  readonly open: number;
  /** The databases hold the table of every entity; that of the first one is enough for heap. */
  readonly wholeSchema?: boolean;
  /** How many different queries each tenant makes; one when absent. */
  readonly queries?: number;
  readonly make: MakeDatabases;
}

/** Makes tenant databases for a case. */
export type MakeDatabases = (
  settings: Pick<MemoryCase, "handles" | "open"> & {
    readonly entities: readonly MemoryEntity[];
    /** Where files go. */
    readonly folder: string;
  },
) => MikroOrmDatabases;
