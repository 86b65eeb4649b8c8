import { type AbstractSqlPlatform, type DatabaseSchema, SqlSchemaGenerator } from "@mikro-orm/sql";
import { keyByTenant } from "./key-by-tenant.ts";
import type { RowTables } from "./row-tables.ts";

/** Makes the application's tables with the tenant column in every key, foreign key and index. */
export class RowSchemaGenerator extends SqlSchemaGenerator {
  readonly #tables: RowTables;

  constructor(em: ConstructorParameters<typeof SqlSchemaGenerator>[0], tables: RowTables) {
    super(em);
    this.#tables = tables;
  }

  override getTargetSchema(schema?: string, includeWildcardSchema?: boolean): DatabaseSchema {
    const target = super.getTargetSchema(schema, includeWildcardSchema);
    keyByTenant(target.getTables(), this.#tables, this.platform as AbstractSqlPlatform);
    return target;
  }
}
