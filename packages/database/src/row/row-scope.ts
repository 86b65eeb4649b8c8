import type { RowTables } from "./row-tables.ts";
import type { ScopedSql } from "./scoped-sql.ts";

/** What a query has to know to stay with its tenant. */
export interface RowScope {
  readonly tenantId: string;
  readonly tables: RowTables;
  /** Signs what the query builder writes, where the engine itself does not keep tenants apart. */
  readonly signing: ScopedSql | undefined;
}
