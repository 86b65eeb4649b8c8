import type { Placement, TenantDatabases, TenantRecord } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const skipGrace = { skipGrace: true } as const;

describe("purge", () => {
  it("C049: drops the tenant's database and forgets the tenant, and no other one", async () => {
    const { join, databases, registry } = installation();
    const { tenants } = await join();
    const [acme, globex] = [
      await tenants.create({ slug: "acme" }),
      await tenants.create({ slug: "globex" }),
    ];

    const operation = await tenants.purge(acme.id, skipGrace);

    expect(operation).toMatchObject({ kind: "purge", state: "done", done: ["drop", "forget"] });
    expect(await ownerOf(databases, acme)).toBeUndefined();
    expect(await ownerOf(databases, globex)).toBe(globex.id);
    const { tenants: left, ledger, unfinished } = await journalOf(registry);
    expect(left).toEqual([globex]);
    expect(ledger.map(({ tenantId }) => tenantId)).toEqual([globex.id]);
    expect(unfinished).toEqual([]);
  });

  it("C054: frees the slug and every domain, and never the id", async () => {
    const { join } = installation();
    const { tenants } = await join();
    const domains = ["acme.example.com", "shop.acme.com"];
    const acme = await tenants.create({ id: "acme-1", slug: "acme", domains });

    await tenants.purge({ by: "domain", value: "shop.acme.com" }, skipGrace);

    expect(await codeThrownBy(() => tenants.create({ id: acme.id, slug: "acme" }))).toBe(
      "TENANT_EXISTS",
    );
    const again = await tenants.create({ slug: "acme", domains });
    expect(again.id).not.toBe(acme.id);
    expect(again.placement?.name).not.toBe(acme.placement?.name);
  });

  it("F060: lets nobody find the tenant from the first commit on", async () => {
    const { join, databases, registry } = installation();
    const seen: unknown[] = [];
    const watched = watchedDatabases(databases, {
      async before(call) {
        if (call !== "drop") return;
        seen.push((await registry.store.find({ by: "slug", value: "acme" }))?.status);
      },
    });
    const { tenants } = await join({ databases: watched });
    await tenants.create({ slug: "acme" });

    await tenants.purge({ by: "slug", value: "acme" }, skipGrace);

    expect(seen).toEqual(["deleting"]);
  });

  it("tells the outbox, the audit trail and the listeners", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    const told: unknown[] = [];
    tenancy.events.on("tenantPurging", ({ tenant }) => void told.push(["purging", tenant.status]));
    tenancy.events.on("tenantPurged", ({ tenant }) => void told.push(["purged", tenant.slug]));
    const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com"] });

    await tenancy.central(() => tenancy.tenants.purge(acme.id, skipGrace), { actor: "ops" });

    expect(told).toEqual([
      ["purging", "active"],
      ["purged", "acme"],
    ]);
    const payload = { slugs: ["acme"], domains: ["acme.example.com"] };
    expect((await journalOf(registry)).outbox.slice(2)).toMatchObject([
      { type: "tenant.purging", tenantId: acme.id, version: 3, payload },
      { type: "tenant.purged", tenantId: acme.id, version: 4, payload },
    ]);
    expect(await registry.transaction(({ audit }) => audit.list())).toMatchObject([
      { action: "tenant.purged", tenantId: acme.id, actor: "ops", details: { slug: "acme" } },
    ]);
  });

  it("changes nothing when a listener refuses", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    const acme = await tenancy.tenants.create({ slug: "acme" });
    tenancy.events.on("tenantPurging", () => false);

    expect(await codeThrownBy(() => tenancy.tenants.purge(acme.id, skipGrace))).toBe("VETOED");

    expect((await journalOf(registry)).tenants).toEqual([acme]);
  });

  it("waits for the deletion and the end of its grace unless it is told not to", async () => {
    const { join, registry, clock } = installation();
    const { tenants } = await join();
    const acme = await tenants.create({ slug: "acme" });
    expect(await codeThrownBy(() => tenants.purge(acme.id))).toBe("TENANT_NOT_DELETED");
    const [deletedAt, graceUntil] = [clock.now(), clock.now() + 1_000];
    await registry.transaction((one) =>
      one.tenants.update(acme.id, acme.version, { status: "deleted", deletedAt, graceUntil }),
    );

    const early = await thrownBy(() => tenants.purge(acme.id));
    expect(early).toMatchObject({ code: "TENANT_NOT_DELETED", status: 409 });
    expect(String(early)).toContain(new Date(graceUntil).toISOString());
    await clock.advance(1_000);

    expect(await tenants.purge(acme.id)).toMatchObject({ state: "done" });
  });

  it.for([{ skipGrace: "yes" }, { ifDropFails: "ignore" }, { dropAdopted: 1 }, { force: true }])(
    "refuses the options %j before anything is changed",
    async (options) => {
      const { join, registry } = installation();
      const { tenants } = await join();
      const acme = await tenants.create({ slug: "acme" });

      const thrown = await codeThrownBy(() => tenants.purge(acme.id, options as never));

      expect(thrown).toBe("INVALID_INPUT");
      expect((await journalOf(registry)).tenants).toEqual([acme]);
    },
  );

  it("cannot be begun by run, nor be replaced", async () => {
    const { join } = installation();
    const { tenants } = await join();
    const acme = await tenants.create({ slug: "acme" });
    const operations = [{ kind: "purge", steps: [{ name: "one", async run() {} }] }];

    expect(await codeThrownBy(() => tenants.run("purge", acme.id, {}))).toBe("INVALID_INPUT");
    expect(await codeThrownBy(() => join({ operations }))).toBe("INVALID_CONFIGURATION");
  });

  it("is done once when it is asked for twice at the same time", async () => {
    const { join, registry } = installation();
    const [one, other] = [await join(), await join()];
    const acme = await one.tenants.create({ slug: "acme" });

    const settled = await Promise.allSettled(
      [one, other].map(({ tenants }) => tenants.purge(acme.id, skipGrace)),
    );

    const outcomes = settled.map((end) =>
      end.status === "fulfilled" ? end.value.state : (end.reason as { code: string }).code,
    );
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(["OPERATION_IN_FLIGHT", "TENANT_NOT_FOUND", "STALE_TENANT"]).toContain(
      outcomes.find((outcome) => outcome !== "done"),
    );
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("C050: leaves a database that was adopted unless it is told to drop it", async () => {
    const { join, databases, registry } = installation();
    const { tenants } = await join();
    const [kept, dropped] = [
      await tenants.create({ slug: "acme" }),
      await tenants.create({ slug: "globex" }),
    ];
    for (const { id: tenantId, placement } of [kept, dropped]) {
      await registry.transaction(({ ledger }) =>
        ledger.record({ tenantId, placement: placement as Placement, state: "adopted" }),
      );
    }

    await tenants.purge(kept.id, skipGrace);
    await tenants.purge(dropped.id, { ...skipGrace, dropAdopted: true });

    expect(await ownerOf(databases, kept)).toBe(kept.id);
    expect(await ownerOf(databases, dropped)).toBeUndefined();
    expect((await journalOf(registry)).ledger).toEqual([]);
  });
});

describe("a database that cannot be dropped", () => {
  it("F058: is not this tenant's where its creation found somebody else's under the name", async () => {
    const { join, databases, registry } = installation();
    const { tenants } = await join();
    const foreign = {
      tenantId: "other",
      placement: databases.place("other", 1, { name: "taken" }),
    };
    await databases.manager(foreign.placement).create(foreign);
    const wish = { slug: "acme", placement: { name: "taken" } };
    const failed = await codeThrownBy(() => tenants.create(wish));

    await tenants.purge({ by: "slug", value: "acme" }, skipGrace);

    expect(failed).toBe("PROVISIONING_FAILED");
    const { tenants: left, ledger, unfinished } = await journalOf(registry);
    expect([left, ledger, unfinished]).toEqual([[], [], []]);
    const stands = await databases.manager(foreign.placement).inspect(foreign);
    expect(stands?.owner?.tenantId).toBe("other");
  });

  it("is dropped although the ledger does not have it, because its tenant is served from it", async () => {
    const { join, databases, registry } = installation();
    const { tenants } = await join();
    const acme = await tenants.create({ slug: "acme" });
    await registry.transaction(({ ledger }) => ledger.forget(acme.placement as Placement));

    await tenants.purge(acme.id, skipGrace);

    expect(await ownerOf(databases, acme)).toBeUndefined();
  });

  it("C051: keeps its tenant in the status deleting, until repair or another purge succeeds", async () => {
    const { join, databases, registry } = installation();
    const failing = heldDatabases(databases);
    const { tenants } = await join({ databases: failing });
    const acme = await tenants.create({ slug: "acme" });
    const globex = await tenants.create({ slug: "globex" });

    for (const tenant of [acme, globex]) {
      const thrown = await thrownBy(() => tenants.purge(tenant.id, skipGrace));
      expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "drop" });
    }
    const during = await journalOf(registry);
    expect(during.tenants.map(({ status }) => status)).toEqual(["deleting", "deleting"]);
    expect(during.unfinished.map(({ state }) => state)).toEqual(["failed", "failed"]);
    failing.letGo();
    await tenants.purge(globex.id);
    const { finished } = await tenants.repair();

    expect(finished).toMatchObject([{ tenantId: acme.id, state: "done" }]);
    const { tenants: left, ledger } = await journalOf(registry);
    expect([left, ledger]).toEqual([[], []]);
    expect(await ownerOf(databases, acme)).toBeUndefined();
  });

  it("C051: is left in the ledger as garbage where that is wished, and its tenant is gone", async () => {
    const { join, databases, registry } = installation();
    const failing = heldDatabases(databases);
    const tenancy = await join({ databases: failing });
    const told: unknown[] = [];
    tenancy.events.on("failure", ({ error, tenantId }) => void told.push([error, tenantId]));
    const acme = await tenancy.tenants.create({ slug: "acme" });

    await tenancy.tenants.purge(acme.id, { ...skipGrace, ifDropFails: "leave" });

    const { tenants, ledger, unfinished } = await journalOf(registry);
    expect([tenants, unfinished]).toEqual([[], []]);
    expect(ledger).toMatchObject([{ tenantId: acme.id, state: "garbage" }]);
    expect(told).toEqual([[new RangeError("in use"), acme.id]]);
    failing.letGo();
    expect((await tenancy.tenants.repair()).swept).toEqual([acme.placement]);
    expect((await journalOf(registry)).ledger).toEqual([]);
  });
});

it("drops nothing of a tenant that was made to live again after its purge had stopped", async () => {
  const { join, databases, registry } = installation();
  const failing = heldDatabases(databases);
  const { tenants } = await join({ databases: failing });
  const acme = await tenants.create({ slug: "acme" });
  await codeThrownBy(() => tenants.purge(acme.id, skipGrace));
  const { version = 0 } = (await registry.store.find({ by: "id", value: acme.id })) ?? {};
  await registry.transaction((one) => one.tenants.update(acme.id, version, { status: "active" }));
  failing.letGo();

  await tenants.repair();

  expect(await ownerOf(databases, acme)).toBe(acme.id);
});

describe("what was begun for a tenant that is purged", () => {
  it("is discarded when it failed, and its databases are dropped", async () => {
    const { join, databases, registry } = installation();
    const failing = watchedDatabases(databases, {
      before(call) {
        if (call === "migrate") throw new RangeError("broken");
      },
    });
    const { tenants } = await join({ databases: failing });
    await codeThrownBy(() => tenants.create({ slug: "acme" }));
    const acme = (await registry.store.find({ by: "slug", value: "acme" })) as TenantRecord;
    expect(await ownerOf(databases, acme)).toBe(acme.id);

    await tenants.purge(acme.id, skipGrace);

    expect(await ownerOf(databases, acme)).toBeUndefined();
    const { tenants: left, unfinished } = await journalOf(registry);
    expect([left, unfinished]).toEqual([[], []]);
    expect(await tenants.create({ slug: "acme" }).catch(() => undefined)).toBeUndefined();
    expect((await tenants.repair()).finished).toEqual([]);
  });

  it("F057: is replaced when its process is gone, and what that still makes is swept", async () => {
    const { join, databases, registry, clock } = installation();
    const zombie = await join({
      clock: installation().clock,
      databases: watchedDatabases(databases, {
        async before(call) {
          if (call !== "create") return;
          await clock.advance(20_000);
          await healthy.tenants.purge({ by: "slug", value: "acme" }, skipGrace);
        },
      }),
    });
    const healthy = await join();

    const thrown = await codeThrownBy(() => zombie.tenants.create({ slug: "acme" }));

    expect(thrown).toBe("STALE_OPERATION");
    const [entry] = (await journalOf(registry)).ledger;
    expect(entry).toMatchObject({ state: "garbage" });
    const placement = entry?.placement as Placement;
    const tenantId = entry?.tenantId ?? "";
    expect(await databases.manager(placement).inspect({ tenantId, placement })).toBeDefined();
    expect((await healthy.tenants.repair()).swept).toEqual([placement]);
    expect(await databases.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
  });

  it("refuses the purge while somebody works on it", async () => {
    const { join, databases } = installation();
    const codes: unknown[] = [];
    const watched = watchedDatabases(databases, {
      async before(call) {
        if (call !== "verify") return;
        codes.push(
          await codeThrownBy(() => tenants.purge({ by: "slug", value: "acme" }, skipGrace)),
        );
      },
    });
    const { tenants } = await join({ databases: watched });

    const acme = await tenants.create({ slug: "acme" });

    expect(codes).toEqual(["OPERATION_IN_FLIGHT"]);
    expect(acme.status).toBe("active");
  });
});

async function ownerOf(
  databases: ReturnType<typeof installation>["databases"],
  { id: tenantId, placement }: TenantRecord,
): Promise<string | undefined> {
  if (placement === undefined) return undefined;
  return (await databases.manager(placement).inspect({ tenantId, placement }))?.owner?.tenantId;
}

/** Databases that cannot be dropped until they are let go. */
function heldDatabases(databases: TenantDatabases) {
  let held = true;
  const watched = watchedDatabases(databases, {
    before(call) {
      if (call === "drop" && held) throw new RangeError("in use");
    },
  });
  const letGo = () => {
    held = false;
  };
  return { ...watched, letGo };
}
