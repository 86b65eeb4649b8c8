import {
  DatabaseOwnedError,
  type LedgerEntry,
  type Placement,
  tellFailure,
} from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/**
 * Drops the databases that the ledger calls garbage, and gives those that were there. The tenant is read after the list,
 * one by one, so that no entry is dropped on the word of an older state. What bears a foreign marker stays and is told.
 */
export async function sweepGarbage(
  workplace: Workplace,
  dryRun: boolean,
): Promise<readonly Placement[]> {
  const entries = await workplace.registry.transaction(({ ledger }) =>
    ledger.list({ state: "garbage" }),
  );
  const swept: Placement[] = [];
  for (const entry of entries) {
    if (!(await isOver(workplace, entry))) continue;
    try {
      if (await sweep(workplace, entry, dryRun)) swept.push(entry.placement);
    } catch (error) {
      await tellOnce(workplace, error, entry);
    }
  }
  return swept;
}

/** Nobody can drop what bears a foreign marker, so that it is told once in the life of a process and not at each sweep. */
async function tellOnce(
  workplace: Workplace,
  error: unknown,
  { tenantId, placement: { driver, server, name, generation } }: LedgerEntry,
): Promise<void> {
  if (error instanceof DatabaseOwnedError) {
    const entry = JSON.stringify([driver, server, name, tenantId, generation]);
    if (workplace.foreign.has(entry)) return;
    workplace.foreign.add(entry);
  }
  await tellFailure(workplace, error, tenantId);
}

async function isOver(
  { registry }: Workplace,
  { tenantId, placement }: LedgerEntry,
): Promise<boolean> {
  const tenant = await registry.store.find({ by: "id", value: tenantId });
  if (tenant === undefined) return true;
  return tenant.placement !== undefined && placement.generation < tenant.placement.generation;
}

/**
 * Tells whether the database was there; what was begun and never got its name goes too. An entry without one is kept: the process that was replaced may still be about
 * to make it, and only the entry will lead the next sweep to it.
 */
async function sweep(
  { registry, databases }: Workplace,
  database: LedgerEntry,
  dryRun: boolean,
): Promise<boolean> {
  const { tenantId, placement } = database;
  const manager = databases.manager(placement);
  const found = await manager.inspect({ tenantId, placement });
  if (dryRun)
    return found?.owner?.tenantId === tenantId && found.owner.generation === placement.generation;
  await manager.drop({ tenantId, placement });
  if (found === undefined) return false;
  await registry.transaction(({ ledger }) => ledger.forget(placement));
  return true;
}
