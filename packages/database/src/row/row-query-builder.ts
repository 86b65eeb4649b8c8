import type { AbstractSqlDriver, QueryBuilder } from "@mikro-orm/sql";
import { UnscopedSqlError } from "../errors.ts";
import type { RowScope } from "./row-scope.ts";
import { type NativeQuery, scopeQuery } from "./scope-query.ts";

/** A class of query builders. */
export type BuilderClass = new (
  ...args: ConstructorParameters<typeof QueryBuilder>
) => QueryBuilder;

/**
 * Makes the class of a driver's query builders that stay with the tenant of their driver: in every table that carries the tenant
 * column, whether it is selected from, joined, updated or deleted from, only the tenant's rows exist. Filters play no
 * part in it, so that no option switches it off.
 */
export function rowQueryBuilder(
  Own: BuilderClass,
  scopeOf: (driver: AbstractSqlDriver) => RowScope,
): BuilderClass {
  class RowQueryBuilder extends Own {
    /** `query/QueryBuilder.js:1352`: copies are made of the base class, whatever the class of the original. */
    override clone(...args: Parameters<QueryBuilder["clone"]>): QueryBuilder {
      return Object.setPrototypeOf(super.clone(...args), RowQueryBuilder.prototype);
    }
  }
  // `query/QueryBuilder.js:1722`: writes the query that every other form of it is made from, once per query.
  const base: (this: QueryBuilder, virtual: boolean) => NativeQuery = Reflect.get(
    Own.prototype,
    "getQueryBase",
  );
  Object.defineProperty(RowQueryBuilder.prototype, "getQueryBase", {
    value(this: QueryBuilder, virtual: boolean): NativeQuery {
      const scope = scopeOf(this.driver as AbstractSqlDriver);
      refuseBareNames(this, scope);
      scopeJoins(this, scope);
      const query = base.call(this, virtual);
      return scopeQuery(query, scope, ownTable(this), aliasOf(this));
    },
  });
  return RowQueryBuilder;
}

/** `qb.from("note")` and `qb.join(sql.ref("note"))` may name common table expressions of the query, and no table. */
function refuseBareNames(qb: QueryBuilder, { signing }: RowScope): void {
  if (signing === undefined) return;
  const { ctes, joins } = qb.state;
  const known = new Set(ctes.map(({ name }) => name));
  const bare = Object.values(joins)
    .filter(({ prop, subquery }) => prop.name === "__subquery__" && subquery === undefined)
    .map(({ table }) => table);
  for (const name of [qb.mainAlias.rawTableName, ...bare]) {
    if (name !== undefined && !known.has(name)) throw new UnscopedSqlError(`The table "${name}"`);
  }
}

function scopeJoins(qb: QueryBuilder, { tables, tenantId }: RowScope): void {
  for (const join of Object.values(qb.state.joins)) {
    if (join.subquery !== undefined || tables.get(join.table) === undefined) continue;
    const own = { [`${join.alias}.${tables.column}`]: tenantId };
    join.cond = isEmpty(join.cond) ? own : { $and: [join.cond, own] };
  }
}

function isEmpty(condition: object): boolean {
  return Reflect.ownKeys(condition).length === 0;
}

/** The table that a query reads or writes; none where it reads a subquery, an expression or a bare name. */
function ownTable({ mainAlias }: QueryBuilder): string | undefined {
  const { meta, subQuery, rawTableName } = mainAlias;
  if (subQuery !== undefined || rawTableName !== undefined || meta.virtual) return undefined;
  return meta.tableName;
}

/** `query/QueryBuilder.js:1725`: when a statement gives its table another name. */
function aliasOf(qb: QueryBuilder): string | undefined {
  const named = qb.state.explicitAlias || qb.helper.isTableNameAliasRequired(qb.type);
  return named ? qb.alias : undefined;
}
