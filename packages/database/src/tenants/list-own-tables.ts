import type { AbstractSqlPlatform } from "@mikro-orm/sql";

/** SQL for the tables that the connection is tied to: where databases have schemas, only those of its own one. */
export function listOwnTables(platform: AbstractSqlPlatform): string {
  if (platform.supportsSchemas()) return inCurrentSchema;
  const sql = platform.getSchemaHelper()?.getListTablesSQL() ?? "";
  if (sql.includes("sqlite_temp_master")) return inCurrentFile;
  return sql.includes("information_schema.tables") ? inCurrentDatabase : sql;
}

/** MikroORM gives what is temporary as well, for which SQLite opens another database, and which is no tenant's. */
const inCurrentFile =
  "select name as table_name from sqlite_master where type = 'table' " +
  "and name != 'sqlite_sequence' and name != 'geometry_columns' and name != 'spatial_ref_sys'";

/** MikroORM asks for comments and collations too, for which the server opens each of the tables. */
const inCurrentDatabase =
  "select table_name as table_name from information_schema.tables " +
  "where table_type = 'BASE TABLE' and table_schema = schema()";

/** What `information_schema.tables` gives, without the joins that cost a new connection several milliseconds. */
const inCurrentSchema =
  "select c.relname as table_name from pg_catalog.pg_class c " +
  "join pg_catalog.pg_namespace n on n.oid = c.relnamespace " +
  "where n.nspname = current_schema() and c.relkind in ('r', 'p', 'v', 'f') " +
  "and (pg_has_role(c.relowner, 'usage') or has_any_column_privilege(c.oid, 'select, insert, update, references') " +
  "or has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger'))";
