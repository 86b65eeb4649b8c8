import type { PlacementStrategy, TenantDatabase } from "@af-tenancy/core";
import type { ConnectionBudget, DatabasesPatient, DoctorCheck, RunSql } from "@af-tenancy/database";
import type { ServerAddress } from "../connection-options.ts";
import type { SharedRows } from "./shared-rows.ts";

/** One server, and what the application means to do with it. */
export interface PostgresqlPatient extends SharedRows, DatabasesPatient {
  /** Its id in the options. */
  readonly server: string;
  readonly address: ServerAddress;
  /** How tenants are kept there. */
  readonly strategies: ReadonlySet<PlacementStrategy>;
  /** Databases and schemas that are looked at, each with its tenant's own user where it has one. */
  readonly tenants: readonly PostgresqlTenant[];
  /** Each new tenant gets a user of its own. */
  readonly users: boolean;
  /** How many connections one process may have for tenants, and how long it keeps them. */
  readonly budget: ConnectionBudget;
  readonly processes: number;
  /** How many bytes one of the server's processes may come to take. */
  readonly maxBackendMemory: number;
  /** What the server refuses of a session's settings; `undefined` when it takes them. */
  readonly refusal: string | undefined;
  /** Opens two further connections like the first, for one piece of work. */
  inTwo<R>(work: (one: RunSql, other: RunSql) => Promise<R>): Promise<R>;
  /** Of a replica only: does something on a connection to the server that it is to follow. */
  onPrimary?<R>(work: (run: RunSql) => Promise<R>): Promise<R>;
}

/** A tenant's database or schema. */
export interface PostgresqlTenant extends TenantDatabase {
  readonly user: string | undefined;
}

/** A check of this driver. */
export type PostgresqlCheck = DoctorCheck<PostgresqlPatient>;

/** How a server's configured user is named in findings. */
export function loginOf({ server, address: { user } }: PostgresqlPatient): string {
  return `user "${user}" of server "${server}"`;
}
