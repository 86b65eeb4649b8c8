import { randomUUID } from "node:crypto";
import type { TenantRecord, TenantSeeding } from "@af-tenancy/core";
import { expect, onTestFinished } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { Note } from "./noted-seeders.ts";
import type { SeededSite } from "./tenant-seeding-harness.ts";

/** Gives the seeders of databases that have some. */
export function seedingOf({ databases }: SeededSite): TenantSeeding {
  expect(databases.seeding).toBeDefined();
  return databases.seeding as TenantSeeding;
}

/** Makes a tenant with empty tables; it is dropped when the test is over. */
export function addTenant(site: SeededSite): Promise<TenantRecord> {
  return makeTenant(site, undefined);
}

/** Makes a tenant that has what another one has; it is dropped when the test is over. */
export async function copyTenant(site: SeededSite, source: TenantRecord): Promise<TenantRecord> {
  const tenant = await makeTenant(site, source);
  await site.databases.copyRows?.(source, tenant, new AbortController().signal);
  return tenant;
}

async function makeTenant(
  { databases }: SeededSite,
  source: TenantRecord | undefined,
): Promise<TenantRecord> {
  const id = randomUUID();
  const placement = databases.place(id, 1);
  const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
  const manager = databases.manager(placement);
  onTestFinished(() => manager.drop({ tenantId: id, placement }), 60_000);
  const database = { tenantId: id, placement };
  if (source?.placement === undefined || manager.createFrom === undefined) {
    await manager.create(database);
  } else {
    await manager.createFrom(database, { tenantId: source.id, placement: source.placement });
  }
  await databases.migrate(tenant);
  return tenant;
}

/** The texts of a tenant's notes, in order. */
export async function textsIn(
  { tenancy, em, note }: SeededSite,
  tenant: TenantRecord,
): Promise<readonly string[]> {
  const found = await tenancy.run(tenant, () => em().findAll(note));
  return (found as readonly Note[]).map(({ text }) => text).sort();
}
