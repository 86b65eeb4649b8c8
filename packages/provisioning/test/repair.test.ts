import {
  ConfigurationError,
  type TenancyEventMap,
  type TenantDatabases,
  UnknownDriverError,
} from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { gate } from "./support/gate.ts";
import { type Installation, installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy } from "./support/thrown-by.ts";
import { type DatabaseCall, watchedDatabases } from "./support/watched-databases.ts";

/** Lets a process hang at a call for ever: its clock stands still, so it does not even renew its lease. */
async function hangAt(one: Installation, call: DatabaseCall, slug = "acme"): Promise<void> {
  const reached = gate();
  const hanging = watchedDatabases(one.databases, {
    before(found) {
      if (found !== call) return;
      reached.open();
      return gate().opened;
    },
  });
  const process = await one.join({ databases: hanging, clock: installation().clock });
  void process.tenants.create({ slug }).catch(() => undefined);
  await reached.opened;
}

function brokenAt(databases: TenantDatabases, failing: DatabaseCall): TenantDatabases {
  return watchedDatabases(databases, {
    before(call) {
      if (call === failing) throw new TypeError("down");
    },
  });
}

describe("repair", () => {
  it("has nothing to do where nothing was left", async () => {
    const { join } = installation();
    const { tenants } = await join();
    await tenants.create({ slug: "acme" });

    expect(await tenants.repair()).toEqual({ finished: [], failed: [], swept: [] });
  });

  it.each([
    ["repair.dryrun", { dryrun: true }],
    ["repair.dryRun", { dryRun: "false" }],
    ["repair.dryRun", { dryRun: 0 }],
    ["repair", null],
    ["repair", true],
  ])("S058: refuses a wrong %s before it changes anything: %j", async (key, options) => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const { tenants } = await one.join();
    const before = await journalOf(one.registry);

    const repairing = tenants.repair(options as never);

    await expect(repairing).rejects.toThrow(ConfigurationError);
    await expect(repairing).rejects.toThrow(`Option "${key}" is `);
    expect(await journalOf(one.registry)).toEqual(before);
    expect((await tenants.repair({ dryRun: true })).finished).toHaveLength(1);
  });

  it("never touches an operation whose lease is alive", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    const before = await journalOf(one.registry);
    await one.clock.advance(9_999);

    const report = await (await one.join()).tenants.repair();

    expect(report).toEqual({ finished: [], failed: [], swept: [] });
    expect(await journalOf(one.registry)).toEqual(before);
  });

  it.each(["create", "migrate", "verify"] as const)(
    "F051: finishes under a new generation what hung at %s, and sweeps what it left",
    async (call) => {
      const one = installation();
      await hangAt(one, call);
      await one.clock.advance(10_000);
      const tenancy = await one.join();
      const created: unknown[] = [];
      tenancy.events.on("tenantCreated", ({ tenant }) => void created.push(tenant));

      const report = await tenancy.tenants.repair();

      const { tenants, unfinished, ledger } = await journalOf(one.registry);
      const old = { generation: 1 };
      expect(report).toMatchObject({
        finished: [{ kind: "create", state: "done", generation: 2, attempt: 2 }],
        failed: [],
        swept: call === "create" ? [] : [old],
      });
      expect(tenants).toMatchObject([{ status: "active", placement: { generation: 2 } }]);
      expect(created).toEqual(tenants);
      expect(unfinished).toEqual([]);
      // Where the first process never made its database it still may, so its entry stays.
      expect(ledger).toMatchObject([
        ...(call === "create" ? [{ state: "garbage", placement: old }] : []),
        { state: "ready", placement: { generation: 2 } },
      ]);
    },
  );

  it("finishes what failed, at once and under a new generation, also in the process where it failed", async () => {
    const { join, databases, registry } = installation();
    const { tenants: broken } = await join({ databases: brokenAt(databases, "migrate") });
    await codeThrownBy(() => broken.create({ slug: "acme", placement: { name: "wished" } }));
    const again = await broken.repair();
    const { tenants } = await join();

    const report = await tenants.repair();

    expect(again.finished).toEqual([]);
    expect(again.failed).toMatchObject([
      { state: "failed", generation: 2, error: expect.stringContaining("migrate: TypeError") },
    ]);
    expect(again.swept).toMatchObject([{ name: "wished", generation: 1 }]);
    expect(report).toMatchObject({
      finished: [{ state: "done", generation: 3, error: undefined }],
      failed: [],
      swept: [{ generation: 2 }],
    });
    const { ledger, unfinished, tenants: all } = await journalOf(registry);
    expect(unfinished).toEqual([]);
    expect(all).toMatchObject([{ status: "active" }]);
    expect(ledger).toMatchObject([{ state: "ready", placement: { generation: 3 } }]);
  });

  it("tells why what stays unfinished has failed, with the cause that no report carries", async () => {
    const { join, databases } = installation();
    const tenancy = await join({ databases: brokenAt(databases, "verify") });
    await codeThrownBy(() => tenancy.tenants.create({ slug: "acme" }));
    const told: TenancyEventMap["failure"][] = [];
    tenancy.events.on("failure", (event) => void told.push(event));

    await tenancy.tenants.repair();

    expect(told).toMatchObject([{ error: { step: "verify", cause: new TypeError("down") } }]);
  });

  it("goes on with the others when one fails again", async () => {
    const one = installation();
    for (const slug of ["a", "b", "c"]) await hangAt(one, "migrate", slug);
    await one.clock.advance(10_000);
    const [, second] = (await journalOf(one.registry)).unfinished;
    const watched: TenantDatabases = {
      ...watchedDatabases(one.databases, {}),
      async migrate(tenant) {
        if (tenant.id === second?.tenantId) throw new TypeError("down");
        await one.databases.migrate(tenant);
      },
    };

    const { finished, failed } = await (await one.join({ databases: watched })).tenants.repair();

    expect(finished.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(failed).toMatchObject([{ id: second?.id, state: "failed" }]);
  });

  it("reports what it cannot even take up, and leaves it as it was", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const before = await journalOf(one.registry);
    const elsewhere: TenantDatabases = {
      ...watchedDatabases(one.databases, {}),
      place() {
        throw new UnknownDriverError("memory");
      },
    };

    const report = await (await one.join({ databases: elsewhere })).tenants.repair();

    expect(report.finished).toEqual([]);
    expect(report.failed).toMatchObject([
      { error: expect.stringMatching(/^repair: UNKNOWN_DRIVER/) },
    ]);
    expect(await journalOf(one.registry)).toEqual(before);
  });

  it("takes up nothing more once its process shuts down", async () => {
    const one = installation();
    for (const slug of ["a", "b"]) await hangAt(one, "migrate", slug);
    await one.clock.advance(10_000);
    const tenancy = await one.join();
    tenancy.events.on("operationProgress", ({ step }) => {
      if (step === "verify") void tenancy.tenants.close?.();
    });

    const report = await tenancy.tenants.repair();

    expect(report.finished).toEqual([]);
    expect(report.failed).toMatchObject([{ attempt: 2 }, { attempt: 1 }]);
    const { unfinished } = await journalOf(one.registry);
    expect(unfinished).toMatchObject([{ attempt: 2, done: [] }, { attempt: 1 }]);
  });

  it("counts a creation as finished whose listener throws when it is told", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const tenancy = await one.join();
    const mistake = new TypeError("no welcome mail");
    const told: unknown[] = [];
    tenancy.events.on("tenantCreated", () => {
      throw mistake;
    });
    tenancy.events.on("failure", ({ error }) => void told.push(error));

    const report = await tenancy.tenants.repair();

    expect(report).toMatchObject({ finished: [{ state: "done" }], failed: [] });
    expect(told).toEqual([mistake]);
  });

  it("two at once finish an operation once", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const [left, right] = [await one.join(), await one.join()];

    const reports = await Promise.all([left.tenants.repair(), right.tenants.repair()]);

    expect(reports.flatMap(({ finished }) => finished)).toHaveLength(1);
    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    const { tenants, ledger } = await journalOf(one.registry);
    expect(tenants).toMatchObject([{ status: "active", placement: { generation: 2 } }]);
    expect(ledger).toMatchObject([{ state: "ready" }]);
  });

  it("leaves to the other what it loses while it works", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const [reached, goOn] = [gate(), gate()];
    const slow = watchedDatabases(one.databases, {
      async before(call) {
        if (call !== "migrate") return;
        reached.open();
        await goOn.opened;
      },
    });
    const left = await one.join({ databases: slow, clock: installation().clock });
    const repairing = left.tenants.repair();
    await reached.opened;
    await one.clock.advance(10_000);
    const right = await (await one.join()).tenants.repair();
    goOn.open();

    expect(right.finished).toMatchObject([{ generation: 3 }]);
    expect(await repairing).toMatchObject({ finished: [], failed: [] });
    expect((await journalOf(one.registry)).tenants).toMatchObject([{ status: "active" }]);
  });

  it("discards what has no tenant any more, and sweeps its database", async () => {
    const one = installation();
    await hangAt(one, "migrate");
    await one.clock.advance(10_000);
    const [left] = (await journalOf(one.registry)).tenants;
    await one.registry.transaction((each) => each.tenants.remove(left?.id ?? "", 1));

    const report = await (await one.join()).tenants.repair();

    expect(report).toMatchObject({ finished: [{ state: "discarded" }], failed: [] });
    expect(report.swept).toMatchObject([{ generation: 1 }]);
    expect(await journalOf(one.registry)).toMatchObject({
      tenants: [],
      unfinished: [],
      ledger: [],
    });
  });

  it("discards a creation whose tenant has gone on to another status, and touches nothing of it", async () => {
    const one = installation();
    await hangAt(one, "verify");
    await one.clock.advance(10_000);
    const [left] = (await journalOf(one.registry)).tenants;
    await one.registry.transaction((each) =>
      each.tenants.update(left?.id ?? "", 1, { status: "deleting" }),
    );

    const report = await (await one.join()).tenants.repair();

    expect(report).toMatchObject({ finished: [{ state: "discarded" }], swept: [] });
    expect(await journalOf(one.registry)).toMatchObject({
      tenants: [{ status: "deleting", version: 2, placement: { generation: 1 } }],
      ledger: [{ state: "creating" }],
    });
  });
});

describe("a dry run", () => {
  it("says what would be done and does nothing", async () => {
    const one = installation();
    await hangAt(one, "migrate", "acme");
    await one.clock.advance(10_000);
    await (await one.join({ databases: brokenAt(one.databases, "drop") })).tenants.repair();
    await hangAt(one, "migrate", "globex");
    await one.clock.advance(10_000);
    await hangAt(one, "migrate", "initech");
    const before = await journalOf(one.registry);
    const { tenants } = await one.join();

    const report = await tenants.repair({ dryRun: true });

    const [acme, globex] = before.tenants;
    expect(report.finished.map(({ tenantId }) => tenantId)).toEqual([globex?.id]);
    expect(report.failed).toEqual([]);
    expect(report.swept).toMatchObject([{ name: `t_${acme?.id.replaceAll("-", "")}_g1` }]);
    expect(await journalOf(one.registry)).toEqual(before);
    const real = await tenants.repair();
    expect(real.finished.map(({ tenantId }) => tenantId)).toEqual([globex?.id]);
    expect(real.swept).toHaveLength(2);
  });
});
