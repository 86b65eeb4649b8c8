import { memoryRegistry, type RegistryTransaction, type TenantRecord } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { databaseFailure } from "../src/health/database-failure.ts";

it("S065: is what was found, twice where the tenant was changed meanwhile", async () => {
  expect(await failureWhile(async () => {})).toEqual(["absent 1"]);
  const rename = async ({ tenants }: RegistryTransaction) =>
    void (await tenants.update("acme", 1, { name: "Acme Corporation" }));
  expect(await failureWhile(rename)).toEqual(["absent 1", "absent 2"]);
});

it("S065: is nothing where the tenant was purged, or is being purged, meanwhile", async () => {
  const purge = ({ tenants }: RegistryTransaction) => tenants.remove("acme", 1);
  expect(await failureWhile(purge)).toEqual(["absent 1", undefined]);
  const begin = async ({ tenants }: RegistryTransaction) =>
    void (await tenants.update("acme", 1, { status: "deleting" }));
  expect(await failureWhile(begin)).toEqual(["absent 1", undefined]);
});

/** Has something done to the tenant while it is looked at for the first time; gives what was seen and the answer. */
async function failureWhile(work: (transaction: RegistryTransaction) => Promise<void>) {
  const registry = memoryRegistry();
  await registry.transaction(({ tenants }) => tenants.insert(acme, []));
  const seen: (string | undefined)[] = [];
  const failure = await databaseFailure(registry.store, acme, async ({ version }) => {
    if (seen.length === 0) await registry.transaction(work);
    seen.push(`absent ${version}`);
    return seen.at(-1);
  });
  if (failure !== seen.at(-1)) seen.push(failure);
  return seen;
}

const acme: TenantRecord = {
  ...{ id: "acme", slug: "acme", name: "Acme", status: "active", version: 1, plan: undefined },
  ...{ metadata: {}, homepage: false, maintenance: undefined, expiresAt: undefined },
  ...{ access: "read-write", placement: undefined, schemaVersion: undefined },
  ...{ formerStatus: undefined, suspendedAt: undefined, deletedAt: undefined },
  ...{ graceUntil: undefined, createdAt: 0, updatedAt: 0, createdBy: undefined },
  ...{ updatedBy: undefined, lastAccessedAt: undefined },
};
