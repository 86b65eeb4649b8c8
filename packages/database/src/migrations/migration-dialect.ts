import type { MigrationLimits, PlacementStrategy } from "@af-tenancy/core";
import type { DialectConnection, RunSql } from "../connection/dialect.ts";

/** How an engine takes migrations. */
export interface MigrationDialect {
  /** What a failed migration changed is taken back with its transaction. */
  readonly transactional: boolean;
  /** Its connections are made clean after whatever SQL before others get them. */
  readonly cleans?: boolean;
  /** SQL that tells whether a connection is in this database or schema, where several statements make one message. */
  isAt?(place: string, strategy: PlacementStrategy): string;
  /** Runs statements in one go on a connection that can be in no other database; absent where each goes by itself. */
  runAll?(connection: DialectConnection, statements: readonly string[]): Promise<void>;
  /** SQL that makes MikroORM's table of migrations where there is none. */
  readonly table: string;
  /**
   * Keeps other runners from this connection's database, until its transaction ends where there is one, else until
   * `unlock`; `undefined` while another has it.
   */
  lock(run: RunSql, strategy: PlacementStrategy): Promise<LockedPlace | undefined>;
  unlock?(run: RunSql): Promise<void>;
  /** The lock for work outside of any transaction, where `lock` ends with one. */
  readonly alone?: Required<Pick<MigrationDialect, "lock" | "unlock">>;
  /** Tells whether SQL begins or ends a transaction somewhere among its statements, where one text may hold several. */
  endsTransaction?(sql: string): boolean;
  /** SQL that limits what follows: in a transaction for that one, else for a connection that is closed afterwards. */
  limits(limits: MigrationLimits): readonly string[];
  /** Names the database or schema that the connection works in; `undefined` where it can be no other. */
  place?(run: RunSql, strategy: PlacementStrategy): Promise<string | undefined>;
  /** Removes all tables and whatever else migrations make, except the tenant's marker. */
  clear(run: RunSql): Promise<void>;
  /** Tells whether beginning failed because another runner has the database. */
  isLocked?(error: unknown): boolean;
}

/** What a lock was taken on. */
export interface LockedPlace {
  /** The database or schema that the connection works in; `undefined` where it can be no other. */
  readonly place: string | undefined;
}

/** The table in which MikroORM remembers what a database has had. */
export const trackingTable = "mikro_orm_migrations";
