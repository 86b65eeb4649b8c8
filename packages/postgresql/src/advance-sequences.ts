import type { TenantDatabase } from "@af-tenancy/core";
import { type HighestKey, type RunSql, type SharedDatabase, sqlRunner } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";

/**
 * Has sequences go on above the keys that rows came with, and never back. Those of shared tables are everybody's, so
 * that a tenant's own role may not set them.
 */
export async function advanceSequences(
  run: RunSql,
  database: TenantDatabase,
  keys: readonly HighestKey[],
  shared: Pick<SharedDatabase, "connect">,
): Promise<void> {
  if (database.placement.strategy !== "row") return advance(run, keys);
  const driver = await shared.connect(database);
  if (driver === undefined) return;
  try {
    await advance(sqlRunner(await driver.acquireConnection()), keys);
  } finally {
    await driver.destroy();
  }
}

async function advance(run: RunSql, keys: readonly HighestKey[]): Promise<void> {
  for (const { table, column, highest } of keys) {
    const sequence = `pg_get_serial_sequence(${literal(quoted(table))}, ${literal(column)})`;
    const [found] = await run<{ readonly name: string | null }>(`select ${sequence} as name`);
    if (found?.name == null) continue;
    const key = `${literal(highest)}::bigint`;
    await run(
      `select setval(${literal(found.name)}, ${key}) from ${found.name} where (last_value, is_called) < (${key}, true)`,
    );
  }
}
