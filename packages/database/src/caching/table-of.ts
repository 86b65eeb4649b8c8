import { ConfigurationError } from "@af-tenancy/core";
import type { EntityName, SqlEntityManager } from "@mikro-orm/sql";
import { entryTable, lockTable } from "./cache-tables.ts";

/** The entity of a table that an entity manager knows: that of values, or of locks. Throws `ConfigurationError`. */
export function tableOf(em: SqlEntityManager, isOfValues: boolean): EntityName<Row> {
  const name = isOfValues ? entryTable : lockTable;
  const entity = em.getMetadata().getByClassName(name, false)?.class;
  if (entity !== undefined) return entity as EntityName<Row>;
  const remedy = "list them: entities: [..., ...cacheTables()], also in central for globalCache().";
  throw new ConfigurationError("databaseCache", "without its tables", remedy);
}

/** A row of either table. */
export interface Row {
  readonly key: string;
  readonly value?: string;
  readonly owner?: string;
  readonly expiresAt: number | null;
}
