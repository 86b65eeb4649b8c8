import type { EntityMetadata, EntityProperty } from "@mikro-orm/sql";
import type { RunSql } from "../connection/dialect.ts";

/** A table whose rows belong to tenants. */
export interface RowTable {
  readonly name: string;
  /** The column whose values the database hands out; `undefined` where the application gives them. */
  readonly generatedKey: string | undefined;
  readonly meta: EntityMetadata;
}

/** Which tables carry the tenant column, and how it is called. */
export class RowTables {
  readonly column: string;
  /** SQL that gives the `table_name` of the tables that stand in a database. */
  readonly listTables: string;
  readonly #tables: ReadonlyMap<string, RowTable>;
  readonly #global: ReadonlySet<unknown>;

  constructor(
    column: string,
    metadata: readonly EntityMetadata[],
    globals: ReadonlySet<string>,
    listTables: string,
  ) {
    this.column = column;
    this.listTables = listTables;
    const tables = metadata.filter(isTable);
    const scoped = tables.filter((meta) => !isGlobal(meta, globals));
    this.#tables = new Map(scoped.map((meta) => [meta.tableName, rowTable(meta)]));
    const everybodys = tables.filter((meta) => isGlobal(meta, globals));
    this.#global = new Set(everybodys.map((meta) => meta.class));
  }

  /** Tells whether an entity has a table whose rows belong to nobody. */
  hasGlobal(entity: unknown): boolean {
    return this.#global.has(classOf(entity));
  }

  /** The table of that name, when its rows belong to tenants. */
  get(table: string | undefined): RowTable | undefined {
    return table === undefined ? undefined : this.#tables.get(table);
  }

  get all(): readonly RowTable[] {
    return [...this.#tables.values()];
  }

  /** Those that stand in a database: none before the first tenant's migration. */
  async present(run: RunSql): Promise<readonly RowTable[]> {
    const rows = await run<{ readonly table_name: string }>(this.listTables);
    const names = new Set(rows.map(({ table_name }) => table_name));
    return this.all.filter(({ name }) => names.has(name));
  }
}

/** Tells whether an entity has a table of its own. */
export function isTable({
  tableName,
  abstract,
  embeddable,
  virtual,
  view,
}: EntityMetadata): boolean {
  return (
    tableName !== "" && tableName !== undefined && !abstract && !embeddable && !virtual && !view
  );
}

/** Tells whether rows of an entity belong to nobody; a table between two such entities is like them. */
export function isGlobal(meta: EntityMetadata, globals: ReadonlySet<string>): boolean {
  if (!meta.pivotTable) return globals.has(meta.root.className);
  return meta.relations.every(({ targetMeta }) => targetMeta && isGlobal(targetMeta, globals));
}

/** `metadata/EntitySchema.js`: what `defineEntity` gives names the class that MikroORM makes of it. */
export function classOf(entity: unknown): unknown {
  const meta = (entity as { readonly meta?: EntityMetadata } | null | undefined)?.meta;
  return meta?.class ?? entity;
}

function rowTable(meta: EntityMetadata): RowTable {
  const generated = meta.getPrimaryProps().find(isGenerated);
  return { name: meta.tableName, generatedKey: generated?.fieldNames[0], meta };
}

function isGenerated({ autoincrement }: EntityProperty): boolean {
  return autoincrement === true;
}
