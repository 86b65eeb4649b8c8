import { storeMigrations } from "@af-tenancy/database";

/** Compares bytes, trailing spaces among them; each server reads the comment that is meant for it. */
const binary = "collate /*M!100202 utf8mb4_nopad_bin */ /*!80017 utf8mb4_0900_bin */";

const table = `engine = InnoDB default character set utf8mb4 ${binary}`;

/**
 * Migrations that give each tenant's database the tables `cache`, `cache_locks` and `sessions`. Keys and ids have up to
 * 255 characters and are compared byte by byte; times are milliseconds since 1970.
 *
 * @example mysql({ connection, flavour, entities, migrations: [...mysqlStoreMigrations, migrationsFolder] })
 */
export const mysqlStoreMigrations = storeMigrations({
  cache: [
    `create table cache (\`key\` varchar(255) not null primary key, value longtext not null, expires_at bigint null, index cache_expires_at_index (expires_at)) ${table}`,
    `create table cache_locks (\`key\` varchar(255) not null primary key, owner varchar(255) not null, expires_at bigint not null, index cache_locks_expires_at_index (expires_at)) ${table}`,
  ],
  sessions: [
    `create table sessions (id varchar(255) not null primary key, payload longtext not null, last_activity_at bigint not null, expires_at bigint not null, index sessions_last_activity_at_index (last_activity_at), index sessions_expires_at_index (expires_at)) ${table}`,
  ],
});
