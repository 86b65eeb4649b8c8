import type { TenantDatabase } from "@af-tenancy/core";
import type { AbstractSqlDriver, AbstractSqlPlatform, MikroORM } from "@mikro-orm/sql";
import type { Dialect } from "../connection/dialect.ts";
import { listOwnTables } from "../tenants/list-own-tables.ts";
import { guardedDialect } from "./guarded-dialect.ts";
import { rowDriver } from "./row-driver.ts";
import { type RowOptions, rowTables } from "./row-options.ts";
import { RowSchemaGenerator } from "./row-schema-generator.ts";
import type { RowScope } from "./row-scope.ts";
import type { RowTables } from "./row-tables.ts";
import { ScopedSql } from "./scoped-sql.ts";

/**
 * What a fleet has in common in which tenants may share tables: the tenant column stands in every database of it,
 * whatever the strategy, so that there is one metadata and one set of migrations, and moving a tenant is a copy.
 */
export class RowFleet {
  readonly tables: RowTables;
  /** Writes every statement for one tenant's rows. */
  readonly driver: AbstractSqlDriver;
  readonly generator: RowSchemaGenerator;
  readonly #signing: ScopedSql | undefined;

  /** `engineScopes`: the server itself keeps the rows of tenants apart. Throws `ConfigurationError`. */
  constructor(
    orm: MikroORM,
    options: RowOptions,
    engineScopes: boolean,
    scopeOf: (facade: AbstractSqlDriver) => RowScope | undefined,
  ) {
    const platform = orm.driver.getPlatform() as AbstractSqlPlatform;
    const metadata = [...orm.getMetadata().getAll().values()];
    this.tables = rowTables(options, metadata, engineScopes, listOwnTables(platform));
    this.generator = new RowSchemaGenerator(orm.em as never, this.tables);
    this.driver = rowDriver(orm.driver as AbstractSqlDriver, scopeOf);
    const backslashEscapes = platform.quoteValue("'") === "'\\''";
    this.#signing = engineScopes ? undefined : new ScopedSql({ backslashEscapes });
  }

  /** What the queries of one tenant have to know. Only shared tables need signatures: elsewhere there are no others. */
  scope({ tenantId, placement }: TenantDatabase): RowScope {
    const signing = placement.strategy === "row" ? this.#signing : undefined;
    return { tenantId, tables: this.tables, signing };
  }
}

/** Keeps SQL that no query builder wrote from shared tables. */
export function guard(dialect: Dialect, scope: RowScope | undefined): Dialect {
  return scope?.signing === undefined ? dialect : guardedDialect(dialect, scope.signing);
}
