import type {
  OperationContext,
  Placement,
  TenantDatabaseManager,
  TenantRecord,
} from "@af-tenancy/core";
import { activateTenant } from "./activate-tenant.ts";
import type { CreationSteps } from "./creation-options.ts";
import { fencedStep, ownDatabase } from "./fenced-step.ts";
import type { KindStep } from "./operation-kind.ts";
import { migrateDatabase, verifyDatabase } from "./ready-database.ts";
import { requireSeeding } from "./seeding/require-seeding.ts";

/** Makes the steps that bring a tenant whose row is written to where it can be entered; the application's own in between. */
export function creationSteps({
  seeders,
  database = [],
  tenant = [],
}: CreationSteps): readonly KindStep[] {
  return [
    { name: "database", needsDatabase: true, isNoted: true, run: makeDatabase },
    { name: "migrate", needsDatabase: true, isNoted: true, run: migrateDatabase },
    ...(seeders === undefined ? [] : [seedStep(seeders)]),
    ...database.map((step) => ({ ...fencedStep(step), needsDatabase: true })),
    { name: "verify", needsDatabase: true, isNoted: true, run: verifyDatabase },
    ...tenant.map(fencedStep),
    { name: "activate", commit: activateTenant("ready") },
  ];
}

/** Each database remembers what it has had, so that it may be run again. */
function seedStep(seeders: readonly string[] | true): KindStep {
  return {
    name: "seed",
    needsDatabase: true,
    async run(context) {
      const { tenant } = ownDatabase(context);
      const names = seeders === true ? {} : { seeders };
      await requireSeeding(context.databases).run(tenant, { ...names, signal: context.signal });
    },
  };
}

async function makeDatabase(context: OperationContext): Promise<void> {
  const { tenant, placement, manager } = await readyPlace(context);
  await manager.create({ tenantId: tenant.id, placement });
}

/** The place of a database that is about to be made, with nothing in it that an older generation left. */
export async function readyPlace(context: OperationContext): Promise<ReadyPlace> {
  const { tenant, placement } = ownDatabase(context);
  const manager = context.databases.manager(placement);
  if (placement.strategy === "row" && placement.generation > 1) await removeOlderRows(context);
  return { tenant, placement, manager };
}

/** Where a tenant's database is to be made, and who makes it. */
export interface ReadyPlace {
  readonly tenant: TenantRecord;
  readonly placement: Placement;
  readonly manager: TenantDatabaseManager;
}

/** Rows bear their tenant's id and no generation, so that those of an older one have to go before there are others. */
async function removeOlderRows(context: OperationContext): Promise<void> {
  const { tenant } = ownDatabase(context);
  const entries = await context.registry.transaction(({ ledger }) =>
    ledger.list({ tenantId: tenant.id }),
  );
  for (const { state, placement } of entries) {
    if (state !== "garbage" || placement.strategy !== "row") continue;
    await context.databases.manager(placement).drop({ tenantId: tenant.id, placement });
  }
}
