import type { AbstractSqlDriver, QueryBuilder } from "@mikro-orm/sql";
import { type BuilderClass, rowQueryBuilder } from "./row-query-builder.ts";
import type { RowScope } from "./row-scope.ts";
import { type Row, tieRows } from "./scope-query.ts";

type Driver = AbstractSqlDriver;

/**
 * Makes a driver that writes every statement of MikroORM for one tenant's rows. `scopeOf` tells the scope of the
 * facades that are made on it; a facade without one writes as MikroORM does, which is only right for schemas.
 */
export function rowDriver(
  driver: Driver,
  scopeOf: (facade: Driver) => RowScope | undefined,
): Driver {
  const mustScope = (facade: object): RowScope => scopeOf(facade as Driver) as RowScope;
  let Builder: BuilderClass | undefined;
  const { createQueryBuilder, nativeInsertMany, nativeUpdateMany } = driver;

  function insertMany(
    this: Driver,
    ...[entity, data, options = {}]: Parameters<Driver["nativeInsertMany"]>
  ) {
    const scope = mustScope(this);
    const meta = this.getMetadata().get(entity);
    const table = scope.tables.get(meta.tableName);
    const platform = this.getPlatform();
    const rows = table === undefined ? data : tieRows(data as Row[], scope, table, platform);
    return changingFirst(
      this,
      (sql) => sign(sql, scope),
      (changing) => nativeInsertMany.call(changing, entity, rows as typeof data, options),
    );
  }

  function updateMany(
    this: Driver,
    ...[entity, where, data, options = {}]: Parameters<Driver["nativeUpdateMany"]>
  ) {
    const scope = mustScope(this);
    const table = scope.tables.get(this.getMetadata().get(entity).tableName);
    // An upsert is the query builder's.
    if (options.upsert) return nativeUpdateMany.call(this, entity, where, data, options);
    const quoted = this.getPlatform().quoteIdentifier(scope.tables.column);
    return changingFirst(
      this,
      (sql, params) =>
        sign(table === undefined ? sql : tieBatch(sql, params, quoted, scope.tenantId), scope),
      (changing) => nativeUpdateMany.call(changing, entity, where, data, options),
    );
  }

  return Object.create(driver, {
    // `AbstractSqlDriver.js:2073`, with the class of the builder changed.
    createQueryBuilder: {
      value(this: Driver, ...args: Parameters<typeof createQueryBuilder>) {
        if (scopeOf(this) === undefined) return createQueryBuilder.apply(this, args);
        const plain = createQueryBuilder.apply(this, args) as QueryBuilder;
        const [entity, context, , , logging, alias, em] = args;
        const { metadata, connectionType, state } = plain as unknown as BuilderFields;
        Builder ??= rowQueryBuilder(plain.constructor as BuilderClass, mustScope);
        const scoped = new Builder(
          entity,
          metadata,
          this,
          context,
          alias,
          connectionType,
          em,
          logging,
        );
        scoped.state.flags = state.flags;
        return scoped;
      },
    },
    nativeInsertMany: { value: insertMany },
    nativeUpdateMany: { value: updateMany },
  });
}

/**
 * `AbstractSqlDriver.js:906` and `:1163` send one statement each before any other, and take a function that changes it; but
 * `mysql/MySqlDriver.js:22` passes none on, so that it is changed on its way out.
 */
async function changingFirst<R>(
  driver: Driver,
  change: (sql: string, params: unknown[]) => string,
  work: (changing: Driver) => Promise<R>,
): Promise<R> {
  let isFirst = true;
  const changing: Driver = Object.create(driver, {
    execute: {
      value(sql: string, params: unknown[], ...rest: Rest<Parameters<Driver["execute"]>>) {
        const sent = isFirst ? change(sql, params) : sql;
        isFirst = false;
        return driver.execute(sent, params, ...rest);
      },
    },
  });
  const result = await work(changing);
  // What the driver remembered, such as how the server counts.
  Object.assign(driver, changing);
  return result;
}

type Rest<Arguments> = Arguments extends [unknown, unknown?, ...infer Others] ? Others : never;

interface BuilderFields extends Pick<QueryBuilder, "state"> {
  readonly metadata: ConstructorParameters<typeof QueryBuilder>[1];
  readonly connectionType: ConstructorParameters<typeof QueryBuilder>[5];
}

/** `AbstractSqlDriver.js:979`: one `update ... set ... where ... returning ...`, whose values are all parameters. */
function tieBatch(sql: string, params: unknown[], column: string, tenantId: string): string {
  const start = sql.lastIndexOf(" where ") + " where ".length;
  const returning = sql.indexOf(" returning ", start);
  const end = returning < 0 ? sql.length : returning;
  params.splice(sql.slice(0, start).split("?").length - 1, 0, tenantId);
  return `${sql.slice(0, start)}${column} = ? and (${sql.slice(start, end)})${sql.slice(end)}`;
}

function sign(sql: string, { signing }: RowScope): string {
  return signing === undefined ? sql : sql.replace(/^(insert|update) /, `$1 ${signing.signature} `);
}
