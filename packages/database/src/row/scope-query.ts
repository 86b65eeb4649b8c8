import { TenantMismatchError } from "@af-tenancy/core";
import { type AbstractSqlPlatform, isRaw, QueryType, raw } from "@mikro-orm/sql";
import { UnscopedSqlError } from "../errors.ts";
import { checkRawPieces } from "./check-raw-pieces.ts";
import type { RowScope } from "./row-scope.ts";
import type { RowTable } from "./row-tables.ts";

/** `query/NativeQueryBuilder.js`: what is used of a query before it is written down. */
export interface NativeQuery {
  readonly platform: AbstractSqlPlatform;
  readonly parts: string[];
  readonly options: QueryParts;
  type: QueryType;
  compile(): { readonly sql: string; readonly params: unknown[] };
  addHintComment(): void;
}

/** SQL with question marks, and what stands for them. */
export interface Piece {
  sql: string;
  params: unknown[];
}

/** The parts of a query. */
export interface QueryParts {
  readonly indexHint?: string;
  readonly comment?: readonly string[];
  readonly hintComment?: readonly string[];
  readonly joins?: readonly Piece[];
  where?: Piece;
  data?: Row | Row[];
  insertSubQuery?: Piece & { columns: string[] };
  onConflict?: { fields: unknown; merge?: unknown; readonly where?: Piece };
}

/** Values by column. */
export type Row = Record<string, unknown>;

/** Ties a query on a table to its scope's tenant. What was built into it until it is written down is tied as well. */
export function scopeQuery(
  query: NativeQuery,
  scope: RowScope,
  tableName: string | undefined,
  alias: string | undefined,
): NativeQuery {
  const table = scope.tables.get(tableName);
  const { compile, addHintComment } = query;
  const tied = new WeakSet<object>();
  query.compile = function compileTied(this: NativeQuery) {
    if (!tied.has(this.options)) {
      tied.add(this.options);
      if (scope.signing !== undefined) checkRawPieces(this, scope.signing);
      if (table !== undefined) tie(this, scope, table, alias);
    }
    return compile.call(this);
  };
  query.addHintComment = function sign(this: NativeQuery) {
    if (scope.signing !== undefined) this.parts.push(scope.signing.signature);
    addHintComment.call(this);
  };
  return query;
}

function tie(
  query: NativeQuery,
  scope: RowScope,
  table: RowTable,
  alias: string | undefined,
): void {
  if (query.type === QueryType.INSERT) {
    tieInsert(query, scope, table);
    return;
  }
  if (query.type === QueryType.TRUNCATE) query.type = QueryType.DELETE;
  if (query.type === QueryType.UPDATE) refuseTenant(query.options.data, scope);
  const { column } = scope.tables;
  const name = query.platform.quoteIdentifier(alias === undefined ? column : `${alias}.${column}`);
  const { where } = query.options;
  const before = where?.sql.trim() ? `(${where.sql}) and ` : "";
  query.options.where = {
    sql: `${before}${name} = ?`,
    params: [...(before === "" ? [] : (where?.params ?? [])), scope.tenantId],
  };
}

function tieInsert({ options, platform }: NativeQuery, scope: RowScope, table: RowTable): void {
  const { column } = scope.tables;
  const { data, insertSubQuery, onConflict } = options;
  if (insertSubQuery !== undefined) tieSelected(insertSubQuery, platform, scope);
  else {
    const rows = Array.isArray(data) ? data : [data ?? {}];
    const tied = tieRows(rows, scope, table, platform);
    options.data = Array.isArray(data) ? tied : (tied[0] ?? {});
  }
  if (onConflict === undefined) return;
  refuseTenant(onConflict.merge, scope);
  const { fields } = onConflict;
  if (Array.isArray(fields) && fields.length > 0) {
    if (!fields.includes(column)) onConflict.fields = [column, ...fields];
  } else if (isRaw(fields) && scope.signing !== undefined) {
    throw new UnscopedSqlError("onConflict() with a raw fragment");
  }
}

/** `insert into ... select`: the rows come from a query, whose columns get the tenant before them. */
function tieSelected(
  selected: NonNullable<QueryParts["insertSubQuery"]>,
  platform: AbstractSqlPlatform,
  { tables, tenantId, signing }: RowScope,
): void {
  const column = platform.quoteIdentifier(tables.column);
  if (selected.columns.includes(column)) throw new UnscopedSqlError(`Inserting into ${column}`);
  const sign = signing === undefined ? "" : `${signing.signature} `;
  selected.columns = [column, ...selected.columns];
  selected.sql = `select ${sign}?, selected.* from (${selected.sql}) as selected`;
  selected.params = [tenantId, ...selected.params];
}

/** Gives rows their tenant, and a key where SQLite would make none; throws `TenantMismatchError` for another tenant's. */
export function tieRows(
  rows: readonly Row[],
  scope: RowScope,
  { name, generatedKey, meta }: RowTable,
  platform: AbstractSqlPlatform,
): Row[] {
  const { column } = scope.tables;
  const makesKeys = platform.getSchemaHelper()?.supportsSchemaConstraints() === false;
  const key = meta.getPrimaryProps()[0]?.name;
  return rows.map((row, index) => {
    refuseTenant(row, scope);
    const tied: Row = { ...row, [column]: scope.tenantId };
    if (makesKeys && generatedKey !== undefined && (row[generatedKey] ?? row[key ?? ""]) == null) {
      tied[generatedKey] = nextKey(name, generatedKey, index + 1, scope, platform);
    }
    return tied;
  });
}

/** Throws `TenantMismatchError` when values would put a row under another tenant. */
function refuseTenant(data: unknown, { tables, tenantId }: RowScope): void {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return;
  const given = Reflect.get(data, tables.column);
  if (given === undefined || given === tenantId) return;
  throw new TenantMismatchError(`A row with ${tables.column}`, String(given), tenantId);
}

/** The next key of one tenant, found by the statement that uses it. */
function nextKey(
  table: string,
  key: string,
  step: number,
  { tables, tenantId, signing }: RowScope,
  platform: AbstractSqlPlatform,
) {
  const sign = signing === undefined ? "" : `${signing.signature} `;
  const [from, id, column] = [table, key, tables.column].map((one) =>
    platform.quoteIdentifier(one),
  );
  return raw(`(select ${sign}coalesce(max(${id}), 0) + ${step} from ${from} where ${column} = ?)`, [
    tenantId,
  ]);
}
