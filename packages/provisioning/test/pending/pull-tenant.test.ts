import type { OperationStep } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { losingReply } from "../support/lost-replies.ts";
import { codeThrownBy } from "../support/thrown-by.ts";

describe("pulling", () => {
  it("C110: gives one of them all its attributes, and takes it from the pool", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    const { pending } = tenancy.tenants;
    const [id = ""] = await pending.fill(1);

    const acme = await tenancy.central(
      () =>
        pending.pull({
          ...{ slug: "acme", name: "Acme", domains: ["acme.test", "a.test"], plan: "gold" },
          ...{ metadata: { size: 3 }, homepage: true },
        }),
      { actor: "ann", requestId: "r-1", reason: "sign-up" },
    );

    expect(acme).toMatchObject({
      ...{ id, slug: "acme", name: "Acme", status: "active", plan: "gold", homepage: true },
      ...{ metadata: { size: 3 }, updatedBy: "ann" },
    });
    expect(await tenancy.find({ by: "domain", value: "a.test" })).toMatchObject({ id });
    expect(await pending.count()).toBe(0);
    const { outbox } = await journalOf(registry);
    expect(outbox.map(({ type }) => type)).toEqual([
      "tenant.creating",
      "tenant.pending",
      "tenant.created",
    ]);
    expect(outbox[2]).toMatchObject({
      version: acme.version,
      payload: {
        slugs: [expect.stringMatching(/^pending-/), "acme"],
        domains: ["acme.test", "a.test"],
      },
    });
    const [act] = await registry.transaction(({ audit }) => audit.list({ tenantId: id }));
    expect(act).toMatchObject({
      ...{ action: "tenant.pulled", actor: "ann", details: { slug: "acme" } },
      cause: { requestId: "r-1", reason: "sign-up" },
    });
  });

  it("C110: creates a tenant where the pool is empty, or gives nothing if told so", async () => {
    const { join: enter, registry } = installation();
    const { pending } = (await enter()).tenants;

    const none = await pending.pull({ slug: "acme" }, { ifEmpty: "none" });
    const { tenants: before } = await journalOf(registry);
    const acme = await pending.pull({ slug: "acme" });

    expect([none, before]).toEqual([undefined, []]);
    expect(acme).toMatchObject({ slug: "acme", status: "active" });
  });

  it("C110: keeps what belongs to it: its id, its database and what is in that", async () => {
    const { join: enter, databases, registry } = installation();
    const tenancy = await enter();
    const [id = ""] = await tenancy.tenants.pending.fill(1);
    const [spare] = (await journalOf(registry)).tenants;

    const acme = await tenancy.tenants.pending.pull({ slug: "acme" });

    expect(acme).toMatchObject({ id, placement: spare?.placement, createdAt: spare?.createdAt });
    await databases.verify(acme);
  });

  it("refuses what a pull cannot decide, before anything is changed", async () => {
    const { join: enter, registry } = installation();
    const { pending } = (await enter()).tenants;
    await pending.fill(1);
    const before = await journalOf(registry);

    for (const wanted of [
      {},
      { slug: "Acme" },
      { slug: "acme", id: "a" },
      { slug: "acme", placement: {} },
    ]) {
      expect(await codeThrownBy(() => pending.pull(wanted as { slug: string }))).toBe(
        "INVALID_INPUT",
      );
    }
    const options = { ifEmpty: "wait" } as never;
    expect(await codeThrownBy(() => pending.pull({ slug: "acme" }, options))).toBe("INVALID_INPUT");
    expect(await journalOf(registry)).toEqual(before);
  });

  it("C112: a listener that refuses leaves the tenant in the pool, as it was", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    const { pending } = tenancy.tenants;
    await pending.fill(1);
    const before = await journalOf(registry);

    for (const event of ["tenantCreating", "pendingPulling"] as const) {
      const remove = tenancy.events.on(event, () => false);
      expect(await codeThrownBy(() => pending.pull({ slug: "acme" }))).toBe("VETOED");
      remove();
    }

    expect(await journalOf(registry)).toEqual(before);
    expect(await pending.pull({ slug: "acme" })).toMatchObject({ slug: "acme" });
  });

  it("F054: is known to have succeeded when the reply to its commit is lost", async () => {
    const { join: enter, registry } = installation();
    await (await enter()).tenants.pending.fill(2);
    const { pending } = (await enter({ registry: losingReply(registry, 1) })).tenants;

    const acme = await pending.pull({ slug: "acme" });

    expect(acme).toMatchObject({ slug: "acme", status: "active" });
    expect(await pending.count()).toBe(1);
  });

  it("F054: never takes another caller's pull for its own when its commit did not arrive", async () => {
    const { join: enter, registry } = installation();
    const other = await enter();
    const [id] = await other.tenants.pending.fill(1);
    let isFirst = true;
    const { store, changes } = registry;
    const { tenants } = await enter({
      registry: {
        ...{ name: "overtaken", store, changes },
        async transaction(work) {
          if (!isFirst) return registry.transaction(work);
          isFirst = false;
          const lost = registry.transaction(async (transaction) => {
            await work(transaction);
            throw new RangeError("ECONNRESET");
          });
          await lost.catch(() => undefined);
          await other.tenants.pending.pull({ slug: "globex" });
          return lost;
        },
      },
    });

    await expect(tenants.pending.pull({ slug: "acme" })).rejects.toThrow("ECONNRESET");

    const left = (await journalOf(registry)).tenants;
    expect(left).toMatchObject([{ id, slug: "globex", status: "active" }]);
  });

  it("F054: is known to go on when the reply to its commit is lost, where steps are left", async () => {
    const { join: enter, registry } = installation();
    const options = { pending: { steps: { migrate: false } } };
    await (await enter(options)).tenants.pending.fill(2);
    const { pending } = (await enter({ ...options, registry: losingReply(registry, 1) })).tenants;

    const acme = await pending.pull({ slug: "acme" });

    expect(acme).toMatchObject({ slug: "acme", status: "active" });
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("F066: a step that fails at the pull leaves what repair finishes, under the wished slug", async () => {
    const { join: enter, registry } = installation();
    let broken = true;
    const welcome: OperationStep = {
      name: "welcome",
      async run() {
        if (broken) throw new RangeError("no mail");
      },
    };
    const { tenants } = await enter({ creation: { tenant: [welcome] } });
    const [id] = await tenants.pending.fill(1);

    const thrown = await codeThrownBy(() => tenants.pending.pull({ slug: "acme", plan: "gold" }));
    const during = await journalOf(registry);
    broken = false;
    const report = await tenants.repair();

    expect(thrown).toBe("PROVISIONING_FAILED");
    expect(during.tenants).toMatchObject([{ id, slug: "acme", status: "failed" }]);
    expect(report).toMatchObject({ finished: [{ kind: "create", tenantId: id }], failed: [] });
    const after = await journalOf(registry);
    expect(after.tenants).toMatchObject([
      { id, slug: "acme", status: "active", plan: "gold", placement: { generation: 2 } },
    ]);
    expect(after.ledger.filter(({ state }) => state === "ready")).toMatchObject([
      { placement: { generation: 2 } },
    ]);
  });
});
