import type { TenantDatabase } from "@af-tenancy/core";
import type { Credentials, DatabasesPatient, DoctorCheck, RunSql } from "@af-tenancy/database";

/** One server, and what the application means to do with it. */
export interface MysqlPatient extends DatabasesPatient {
  /** Its id in the options. */
  readonly server: string;
  /** A replica is only read: nothing is made or dropped there. */
  readonly kind: "server" | "replica";
  /** The configured user. */
  readonly user: string;
  /** The database in which tenants share tables; `undefined` where none do. */
  readonly shared: string | undefined;
  /** The tenants' own databases that are looked at, each with its tenant's own user where it has one. */
  readonly tenants: readonly MysqlTenant[];
  /** What each new tenant's user is granted; `undefined` where tenants get none. */
  readonly grants: readonly string[] | undefined;
  /** How many connections one process may have for tenants. */
  readonly connections: number;
  readonly processes: number;
  /** Runs SQL as the configured user. */
  readonly run: RunSql;
  /** Signs in as somebody else for one piece of work. */
  as<R>(user: Credentials, work: (run: RunSql) => Promise<R>): Promise<R>;
}

/** A tenant's database. */
export interface MysqlTenant extends TenantDatabase {
  readonly own: Credentials | undefined;
}

/** A check of this driver. */
export type MysqlCheck = DoctorCheck<MysqlPatient>;
