import type { AbstractSqlPlatform } from "@mikro-orm/sql";

/** SQL for the tables that the connection is tied to: where databases have schemas, only those of its own one. */
export function listOwnTables(platform: AbstractSqlPlatform): string {
  if (!platform.supportsSchemas()) return platform.getSchemaHelper()?.getListTablesSQL() ?? "";
  return "select table_name from information_schema.tables where table_schema = current_schema()";
}
