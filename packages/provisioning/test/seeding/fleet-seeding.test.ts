import { InvalidInputError, SeedingLockedError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { slugs } from "../migrations/start-fleet.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { counting, startSeeding } from "./start-seeding.ts";

const both = { plans: counting("plans"), demo: counting("demo") };

describe("a fleet", () => {
  it("C117: is seeded as a whole, or only whom the options name, each tenant once", async () => {
    const { add, seeding, rows, tenancy } = await startSeeding(both);
    const acme = await add("acme", { plan: "pro" });
    const globex = await add("globex");
    const asleep = await add("asleep", { status: "archived" });
    const spare = await add("spare", { status: "pending" });
    await add("dead", { status: "deleted" });
    await add("plain", { placement: undefined });
    const told: string[] = [];
    tenancy.events.on("seedingProgress", ({ tenant, position }) => {
      told.push(`${position} ${tenant.tenantId} ${tenant.state}`);
    });
    const ended: number[] = [];
    tenancy.events.on("seedingEnded", ({ report }) => void ended.push(report.counts.done));

    const nobody = await seeding.run({ tenants: [] });
    const one = await seeding.run({ tenants: slugs("globex"), seeders: ["plans"] });
    const pro = await seeding.run({ plan: "pro" });
    const all = await seeding.run({ tenants: null, concurrency: 1 });
    await seeding.run({ pending: true });
    const again = await seeding.run({ tenants: slugs("acme"), seeders: ["demo"], again: true });

    expect(nobody).toMatchObject({ verdict: "done", tenants: [] });
    expect(one.tenants).toMatchObject([
      { tenantId: "globex", state: "done", attempts: 1, seeders: [{ name: "plans", rows: 1 }] },
    ]);
    expect(pro.tenants).toMatchObject([{ tenantId: "acme" }]);
    expect(all).toMatchObject({ verdict: "done", counts: { done: 3, waiting: 0 } });
    expect(again.tenants[0]?.seeders).toMatchObject([{ name: "demo", ran: true }]);
    expect(told.slice(2, 5)).toEqual(["1 acme done", "2 asleep done", "3 globex done"]);
    expect(ended).toEqual([0, 1, 1, 3, 4, 1]);
    for (const tenant of [globex, asleep, spare]) {
      expect(Object.fromEntries(rows(tenant))).toEqual({ plans: 1, demo: 1 });
    }
    expect(Object.fromEntries(rows(acme))).toEqual({ plans: 1, demo: 2 });
    expect(await seeding.status("acme")).toMatchObject([{ name: "plans", rows: 1 }, {}]);
  });

  it("is left alone where something is asked for that there is not", async () => {
    const { add, seeding, rows } = await startSeeding(both);
    const acme = await add("acme");
    const code = (options: object) => codeThrownBy(() => seeding.run(options));

    expect(await code({ seeders: ["plans", "plan"] })).toBe("UNKNOWN_SEEDER");
    expect(await code({ tenants: slugs("acme", "initech") })).toBe("TENANT_NOT_FOUND");
    for (const options of [
      { onFailure: "go on" },
      { seeders: "plans" },
      { concurrency: 0 },
      { signal: "x" },
      { tenants: "acme" },
      { onProgress: 1 },
      { again: 1 },
      { seeder: [] },
    ]) {
      expect(await code(options)).toBe("INVALID_INPUT");
    }
    const plain = await startSeeding(undefined);
    expect(await codeThrownBy(() => plain.seeding.run())).toBe("INVALID_CONFIGURATION");
    expect(rows(acme).size).toBe(0);
  });

  it("stops where the signal says so, and tells who is left", async () => {
    const stop = new AbortController();
    const { add, seeding } = await startSeeding({ plans: () => stop.abort() });
    for (const slug of ["a", "b", "c"]) await add(slug);

    const report = await seeding.run({ concurrency: 1, signal: stop.signal });

    expect(report).toMatchObject({ verdict: "waiting", counts: { done: 1, waiting: 2 } });
  });

  it("tries again what passes by itself, and what is purged or busy is no failure", async () => {
    let locked = 2;
    const { add, seeding, settle, registry, tenancy } = await startSeeding({
      plans() {
        locked -= 1;
        if (locked >= 0) throw new SeedingLockedError("acme", "plans");
      },
    });
    await add("acme");
    await add("busy");
    await add("going", { status: "deleting" });
    await registry.transaction(({ operations }) =>
      operations.open({
        ...{ id: "op", tenantId: "busy", kind: "backup", generation: 1, input: {} },
        ...{ idempotencyKey: undefined, actor: undefined },
      }),
    );
    const told = tenancy.events.on("seedingProgress", () => {
      throw new InvalidInputError("listener", "bad", "it fails on purpose");
    });

    const report = await settle(seeding.run({ tenants: slugs("acme", "busy", "going") }));
    told();

    expect(report).toMatchObject({
      verdict: "done",
      counts: { done: 1, skipped: 1, gone: 1, failed: 0 },
    });
    expect(report.tenants.find(({ state }) => state === "done")?.attempts).toBe(3);
    expect(report.tenants.find(({ state }) => state === "skipped")?.failure).toMatchObject({
      code: "OPERATION_IN_FLIGHT",
    });
  });
});
