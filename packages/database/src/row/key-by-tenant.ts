import type { AbstractSqlPlatform, DatabaseTable, ForeignKey, IndexDef } from "@mikro-orm/sql";
import type { RowTable, RowTables } from "./row-tables.ts";
import { unsetTrigger } from "./unset-trigger.ts";

/**
 * Puts the tenant column into tables: at the head of the primary key, of every foreign key to a table that has it too,
 * and of every index, so that no key, reference or unique value reaches from one tenant to another.
 */
export function keyByTenant(
  tables: readonly DatabaseTable[],
  scoped: RowTables,
  platform: AbstractSqlPlatform,
): void {
  for (const table of tables) {
    const row = scoped.get(table.name);
    if (row === undefined) continue;
    addColumn(table, scoped.column, platform);
    keepGenerating(table, row, platform);
    const generating = generatingIndex(table, row.generatedKey ?? "", platform);
    for (const index of table.getIndexes()) {
      if (index.keyName !== generating) prefixIndex(index, scoped.column);
    }
    for (const key of Object.values(table.getForeignKeys())) {
      const referenced = tables.find(({ name }) => name === bare(key.referencedTableName));
      if (referenced !== undefined && scoped.get(referenced.name) !== undefined) {
        prefixForeignKey(table, key, referenced, scoped.column, platform);
      }
    }
  }
}

/** Ids are compared byte by byte, so that "a" and "A" are two tenants on MySQL too. */
function addColumn(table: DatabaseTable, name: string, platform: AbstractSqlPlatform): void {
  const type = platform.getVarcharTypeDeclarationSQL({ length: 64 });
  const mappedType = platform.getMappedType(type);
  const collation = isMySql(platform) ? { collation: "utf8mb4_bin" } : {};
  table.addColumn({
    name,
    type,
    mappedType,
    nullable: false,
    primary: false,
    length: 64,
    ...collation,
  });
}

/**
 * What hands out keys where a key has two columns: on PostgreSQL an identity, on MySQL an index that begins with the
 * column; on SQLite nothing does, so that the insert has to.
 */
function keepGenerating(
  table: DatabaseTable,
  { generatedKey, meta }: RowTable,
  platform: AbstractSqlPlatform,
): void {
  for (const column of table.getColumns()) {
    column.primary = false;
    column.autoincrement = false;
    if (column.name !== generatedKey || isSqlite(platform)) continue;
    if (isMySql(platform)) {
      column.type = `${column.type}${column.unsigned ? " unsigned" : ""} auto_increment`;
      column.unsigned = false;
    } else {
      column.type = integerOf(column.type);
      column.generated ??= "by default as identity";
    }
  }
  const property = meta
    .getPrimaryProps()
    .find(({ fieldNames }) => fieldNames.includes(generatedKey ?? ""));
  if (generatedKey === undefined || property === undefined || !isMySql(platform)) return;
  const name = generatingIndex(table, generatedKey, platform);
  table.addIndex(meta, { properties: [property.name], name }, "index");
}

/**
 * `dialects/postgresql/BasePostgreSqlPlatform.js:84`: a key that is declared to count is a serial, which hands out its
 * own values, so that the server takes no identity beside it.
 */
function integerOf(type: string): string {
  return serials.get(type.toLowerCase()) ?? type;
}

const serials: ReadonlyMap<string, string> = new Map([
  ...(["serial", "serial4"] as const).map((name) => [name, "int"] as const),
  ...(["bigserial", "serial8"] as const).map((name) => [name, "bigint"] as const),
  ...(["smallserial", "serial2"] as const).map((name) => [name, "smallint"] as const),
]);

function prefixIndex(index: IndexDef, column: string): void {
  // An expression was checked at start, and an index of another kind (text, geometry) orders nothing by tenant.
  if (index.expression !== undefined || (index.type !== undefined && !index.unique)) return;
  index.columnNames = [column, ...index.columnNames];
  index.composite = true;
  if (index.columns !== undefined) index.columns = [{ name: column }, ...index.columns];
}

function prefixForeignKey(
  table: DatabaseTable,
  key: ForeignKey,
  referenced: DatabaseTable,
  column: string,
  platform: AbstractSqlPlatform,
): void {
  const { columnNames, referencedColumnNames } = key;
  if (key.deleteRule === "set null") unsetAlone(table, key, referenced, column, platform);
  key.columnNames = [column, ...columnNames];
  key.referencedColumnNames = [column, ...referencedColumnNames];
}

/** Unset together with the reference, the tenant would be gone too: PostgreSQL can be told, elsewhere a trigger does it. */
function unsetAlone(
  table: DatabaseTable,
  key: ForeignKey,
  referenced: DatabaseTable,
  column: string,
  platform: AbstractSqlPlatform,
): void {
  if (!isSqlite(platform) && !isMySql(platform)) {
    const columns = key.columnNames.map((name) => platform.quoteIdentifier(name)).join(", ");
    key.deleteRule = `set null (${columns})`;
    return;
  }
  delete key.deleteRule;
  // MySQL lets no trigger change the table that it stands on.
  if (isMySql(platform) && referenced.name === table.name) return;
  referenced.addTrigger(unsetTrigger(table, key, referenced, column, platform));
}

/** `dialects/sqlite/SqlitePlatform.js`: the one dialect without schema constraints outside of its tables. */
function isSqlite(platform: AbstractSqlPlatform): boolean {
  return platform.getSchemaHelper()?.supportsSchemaConstraints() === false;
}

/** `dialects/mysql/BaseMySqlPlatform.js`: its own name for primary keys. */
function isMySql(platform: AbstractSqlPlatform): boolean {
  return platform.getDefaultPrimaryName("t", ["c"]) === "PRIMARY";
}

/** Bare of its schema. */
function bare(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Names the index that begins with the generated key on purpose. */
function generatingIndex(
  table: DatabaseTable,
  generatedKey: string,
  platform: AbstractSqlPlatform,
): string {
  return platform.getIndexName(table.name, [generatedKey, "generated"], "index");
}
