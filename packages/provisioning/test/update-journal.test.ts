import { type CentralRegistry, createTenancy, memoryDatabases } from "@af-tenancy/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { provisioning } from "../src/index.ts";
import { registrySites } from "./life/registry-sites.ts";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { losingCommit, losingReply } from "./support/lost-replies.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

async function start(registry: CentralRegistry) {
  const [begun, waiting] = [gate(), gate()];
  const run = async () => {
    begun.open();
    await waiting.opened;
  };
  const wait = { kind: "wait", steps: [{ name: "wait", run }] };
  const tenancy = createTenancy({
    ...{ registry, databases: memoryDatabases() },
    provisioning: provisioning({ operations: [wait] }),
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const { tenants, events } = tenancy;
  const told: string[] = [];
  events.on("tenantUpdated", () => void told.push("tenant"));
  events.on("domainsUpdated", () => void told.push("domains"));
  const operation = (idempotencyKey: string) =>
    registry.transaction(({ operations }) => operations.find({ idempotencyKey }));
  return { tenancy, tenants, told, operation, begun, waiting };
}

describe.each(registrySites)("an update on $name $missing", ({ missing, make }) => {
  it.skipIf(missing !== "")(
    "C014: of slug, name or domains is an operation of its actor, made once for its key",
    async () => {
      const place = await make();
      const { tenancy, tenants, told, operation } = await start(place());
      const acme = await tenants.create({ slug: "acme", domains: ["acme.example.com"] });
      const globex = await tenants.create({ slug: "globex", domains: ["globex.example.com"] });
      const bySlug = { by: "slug", value: "acme" };
      const rename = () =>
        tenants.update(bySlug, { slug: "acme-inc", plan: undefined, idempotencyKey: "rename-1" });
      const move = () =>
        tenants.update(acme.id, { domains: ["acme.example.org"], idempotencyKey: "domains-1" });

      const renamed = await tenancy.central(rename, { actor: "ann" });
      const moved = await move();
      // The slug that the first call went by is another tenant's now, and its repetition is a repetition all the same.
      await tenants.update(globex.id, { slug: "acme" });
      const again = [await rename(), await move()];

      expect(renamed).toMatchObject({ id: acme.id, slug: "acme-inc", version: 3 });
      expect(moved).toMatchObject({ id: acme.id, version: 4 });
      expect(again).toEqual([moved, moved]);
      expect(told).toEqual(["tenant", "domains", "tenant"]);
      const done = { tenantId: acme.id, state: "done", leaseOwner: undefined, generation: 1 };
      expect(await operation("rename-1")).toMatchObject({
        ...{ ...done, kind: "rename", done: ["rename"], actor: "ann" },
        input: { tenant: bySlug, slug: "acme-inc", plan: null },
      });
      expect(await operation("domains-1")).toMatchObject({
        ...{ ...done, kind: "domains", done: ["domains"], actor: undefined },
        input: { tenant: { by: "id", value: acme.id }, domains: ["acme.example.org"] },
      });
      expect(await tenancy.find({ by: "domain", value: "acme.example.org" })).toEqual(moved);
      const other = () => tenants.update(acme.id, { slug: "other", idempotencyKey: "rename-1" });
      expect(await codeThrownBy(other)).toBe("IDEMPOTENCY_CONFLICT");
      const domains = () => tenants.update(bySlug, { domains: [], idempotencyKey: "rename-1" });
      expect(await codeThrownBy(domains)).toBe("IDEMPOTENCY_CONFLICT");
      await tenants.purge(acme.id, { skipGrace: true });
      expect(String(await thrownBy(rename))).toContain("changed a tenant that is gone");
    },
  );

  it.skipIf(missing !== "")(
    "of slug, name or domains cannot be made beside another operation of the tenant, and leaves nothing",
    async () => {
      const place = await make();
      const { tenants, operation, tenancy, begun, waiting } = await start(place());
      const acme = await tenants.create({ slug: "acme", domains: ["acme.example.com"] });
      const globex = await tenants.create({ slug: "globex" });
      const running = tenants.run("wait", { by: "slug", value: "acme" }, null);
      await begun.opened;

      for (const changes of [{ slug: "a" }, { name: "A" }, { domains: [] }]) {
        const updating = () => tenants.update(acme.id, { ...changes, idempotencyKey: "one" });
        expect(await codeThrownBy(updating)).toBe("OPERATION_IN_FLIGHT");
      }

      expect(await operation("one")).toBeUndefined();
      expect(await tenancy.find({ by: "domain", value: "acme.example.com" })).toEqual(acme);
      expect(await tenants.update(acme.id, { plan: "gold" })).toMatchObject({ plan: "gold" });
      expect(await tenants.update(globex.id, { slug: "g" })).toMatchObject({ slug: "g" });
      waiting.open();
      await running;
      expect(await tenants.update(acme.id, { slug: "a" })).toMatchObject({ slug: "a" });
    },
  );
});

describe("an update", () => {
  it("with one key by several callers at once is made once", async () => {
    const { join, registry } = installation();
    const first = await join();
    const second = await join();
    const acme = await first.tenants.create({ slug: "acme" });

    const updated = await Promise.all(
      [first, second, first, second].map(({ tenants }) =>
        tenants.update(acme.id, { name: "Acme Inc.", plan: "gold", idempotencyKey: "once" }),
      ),
    );

    for (const one of updated) expect(one).toMatchObject({ name: "Acme Inc.", version: 3 });
    expect(await registry.store.find({ by: "id", value: acme.id })).toMatchObject({ version: 3 });
  });

  it("of other attributes is an operation where a key is given, and none otherwise", async () => {
    const { join, registry } = installation();
    const { tenants } = await join();
    const acme = await tenants.create({ slug: "acme" });

    await tenants.update(acme.id, { plan: "gold", idempotencyKey: "plan-1" });
    await tenants.update(acme.id, { plan: "silver" });
    await tenants.update(acme.id, { plan: "gold", idempotencyKey: "plan-1" });

    expect(await registry.store.find({ by: "id", value: acme.id })).toMatchObject({
      plan: "silver",
    });
    const found = await registry.transaction(({ operations }) =>
      operations.find({ idempotencyKey: "plan-1" }),
    );
    expect(found).toMatchObject({ kind: "update", state: "done" });
  });

  it("F053: whose commit's reply is lost is found in the journal, and told once", async () => {
    const { join, registry } = installation();
    const { tenants: before } = await join();
    const acme = await before.create({ slug: "acme" });
    // Its domains are read first.
    const { tenants, events } = await join({ registry: losingReply(registry, 2) });
    let told = 0;
    events.on("tenantUpdated", () => {
      told += 1;
    });

    expect(await tenants.update(acme.id, { slug: "a" })).toMatchObject({ slug: "a", version: 3 });

    expect(told).toBe(1);
  });

  it("F053: whose commit never arrived is a failure that changed nothing", async () => {
    const { join, registry } = installation();
    const { tenants: before } = await join();
    const acme = await before.create({ slug: "acme" });
    const { tenants } = await join({ registry: losingCommit(registry, 2) });

    expect(await thrownBy(() => tenants.update(acme.id, { slug: "a" }))).toEqual(
      new RangeError("ECONNRESET"),
    );

    expect(await registry.store.find({ by: "id", value: acme.id })).toEqual(acme);
  });
});
