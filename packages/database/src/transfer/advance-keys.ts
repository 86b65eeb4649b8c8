import type { TenantDatabase } from "@af-tenancy/core";
import { raw } from "@mikro-orm/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { RunSql } from "../connection/dialect.ts";
import { bindingOfManager } from "../tenants/assert-own.ts";
import type { DataShape } from "./data-shape.ts";
import type { RowCounts } from "./row-loader.ts";
import { madeKey } from "./row-values.ts";

/** The highest key that there is in a column whose keys the database hands out. */
export interface HighestKey {
  readonly table: string;
  readonly column: string;
  /** As text, as it may be beyond what a number can say. */
  readonly highest: string;
}

/** Has a database do so; `run` is the tenant's own connection. */
export type AdvanceKeys = (
  run: RunSql,
  database: TenantDatabase,
  keys: readonly HighestKey[],
) => Promise<void>;

/**
 * Has the database hand out keys above those that were inserted with one, where it does not by itself.
 */
export async function advanceKeys(
  em: SqlEntityManager,
  { all }: DataShape,
  counts: Readonly<Record<string, Pick<RowCounts, "inserted">>>,
): Promise<void> {
  const binding = bindingOfManager(em);
  const advance = binding?.shared.advanceKeys;
  if (binding === undefined || advance === undefined) return;
  const keys: HighestKey[] = [];
  for (const { meta } of all.filter(({ name }) => (counts[name]?.inserted ?? 0) > 0)) {
    const key = madeKey({ meta });
    const column = key?.fieldNames[0];
    if (key === undefined || column === undefined) continue;
    const builder = em.createQueryBuilder(meta.class, "r");
    builder.select(raw("max(??) as highest", [`r.${column}`]) as never);
    const [row] = (await builder.execute("all", { mapResults: false })) as { highest: unknown }[];
    if (row?.highest == null) continue;
    keys.push({ table: meta.tableName, column, highest: String(row.highest) });
  }
  if (keys.length === 0) return;
  await advance((sql) => em.execute(sql), binding.source.database, keys);
}
