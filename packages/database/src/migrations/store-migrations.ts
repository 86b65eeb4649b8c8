import type { MigrationClass, NamedMigration, RunnableMigration } from "./migration-source.ts";

/** SQL that makes the tables of a tenant's own cache and sessions, as an engine writes it. */
export interface StoreTables {
  /** Makes `cache` and `cache_locks`, with their indexes. */
  readonly cache: readonly string[];
  /** Makes `sessions`, with its indexes. */
  readonly sessions: readonly string[];
}

/**
 * Makes the two migrations with which each tenant's database gets tables for a cache and for sessions. Driver packages
 * call it.
 */
export function storeMigrations({ cache, sessions }: StoreTables): StoreMigrations {
  return Object.freeze([
    { name: "0001_create_cache_tables", class: making(["cache", "cache_locks"], cache) },
    { name: "0002_create_sessions_table", class: making(["sessions"], sessions) },
  ] as const);
}

/** `0001_create_cache_tables` and `0002_create_sessions_table`. */
export type StoreMigrations = readonly [cache: NamedMigration, sessions: NamedMigration];

/** Nothing but SQL, so that the tables are also in the template of new databases. */
function making(tables: readonly string[], statements: readonly string[]): MigrationClass {
  return class implements RunnableMigration {
    static readonly ownTables = tables;
    #queries: readonly string[] = [];

    up(): void {
      this.#queries = statements;
    }

    down(): void {
      this.#queries = tables.map((table) => `drop table ${table}`);
    }

    isTransactional(): boolean {
      return true;
    }

    getQueries(): string[] {
      return [...this.#queries];
    }

    setTransactionContext(): void {}
  };
}
