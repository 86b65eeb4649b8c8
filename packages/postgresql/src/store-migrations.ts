import { storeMigrations } from "@af-tenancy/database";

/**
 * Migrations that give each tenant's database or schema the tables `cache`, `cache_locks` and `sessions`. Times in them
 * are milliseconds since 1970.
 *
 * @example postgresql({ connection, entities, migrations: [...postgresqlStoreMigrations, migrationsFolder] })
 */
export const postgresqlStoreMigrations = storeMigrations({
  cache: [
    `create table cache (key text collate "C" not null primary key, value text not null, expires_at bigint null)`,
    "create index cache_expires_at_index on cache (expires_at)",
    `create table cache_locks (key text collate "C" not null primary key, owner text collate "C" not null, expires_at bigint not null)`,
    "create index cache_locks_expires_at_index on cache_locks (expires_at)",
  ],
  sessions: [
    `create table sessions (id text collate "C" not null primary key, payload text not null, last_activity_at bigint not null, expires_at bigint not null)`,
    "create index sessions_last_activity_at_index on sessions (last_activity_at)",
    "create index sessions_expires_at_index on sessions (expires_at)",
  ],
});
