import { InvalidInputError, MigrationLockedError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { gate } from "../support/gate.ts";
import { counting, type Rows, slugs, startFleet } from "./start-fleet.ts";

/** Fails on purpose where its tenant's rows say so. */
function brittle(rows: Rows): void {
  if (rows.has("bad")) throw new InvalidInputError("rows", "bad", "they fail on purpose");
}

describe("a plan", () => {
  it("C117: migrates all tenants that are served or could be again, and writes how far they are", async () => {
    const { fleet, add, rows, read, outbox } = await startFleet();
    for (const slug of ["acme", "globex"]) await add(slug);
    await add("asleep", { status: "archived" });
    await add("spare", { status: "pending" });
    await add("dead", { status: "deleted" });
    await add("plain", { placement: undefined });

    const { id, upToDate } = await fleet.begin();
    const before = await fleet.report(id);
    const report = await fleet.run(id);

    expect(upToDate).toBe(0);
    expect(before).toMatchObject({ verdict: "waiting", counts: { waiting: 3, done: 0 } });
    expect(report).toMatchObject({ verdict: "done", counts: { waiting: 0, done: 3 }, left: [] });
    expect(Object.fromEntries(rows("acme"))).toEqual({ "0001-notes": 1, "0002-tags": 1 });
    expect(await read("asleep")).toMatchObject({ schemaVersion: "0002-tags", version: 2 });
    expect(rows("spare").size + rows("dead").size).toBe(0);
    expect((await outbox()).sort()).toEqual(
      ["acme", "asleep", "globex"].map((slug) => `tenant.migrated ${slug}`),
    );
  });

  it("C117: migrates only whom it names, by reference, plan or state, and takes back likewise", async () => {
    const { fleet, add, rows, read } = await startFleet();
    await add("acme", { plan: "pro" });
    await add("globex");
    await add("spare", { status: "pending" });
    const run = async (options: Parameters<typeof fleet.begin>[0]) =>
      fleet.run((await fleet.begin(options)).id);

    await run({ tenants: slugs("globex"), steps: 1 });
    expect((await read("globex"))?.schemaVersion).toBe("0001-notes");
    expect(rows("acme").size).toBe(0);

    await run({ plan: "pro" });
    expect((await read("acme"))?.schemaVersion).toBe("0002-tags");
    expect((await read("globex"))?.schemaVersion).toBe("0001-notes");

    expect((await run({ pending: true })).counts).toMatchObject({ upToDate: 1, done: 2 });
    expect((await read("spare"))?.schemaVersion).toBe("0002-tags");

    await run({ direction: "down", tenants: slugs("acme") });
    expect((await read("acme"))?.schemaVersion).toBe("0001-notes");
    expect((await read("globex"))?.schemaVersion).toBe("0002-tags");

    rows("globex").set("note", "old");
    await run({ direction: "fresh", tenants: slugs("globex") });
    expect(Object.fromEntries(rows("globex"))).toEqual({ "0001-notes": 1, "0002-tags": 1 });
  });

  it("C118, F069: goes on when one fails, tells which and why, and touches only that one afterwards", async () => {
    const { fleet, add, rows, read } = await startFleet([
      counting("0001-notes"),
      counting("0002-tags", brittle),
    ]);
    for (const slug of ["a", "b", "c"]) await add(slug);
    rows("b").set("bad", true);

    const { id } = await fleet.begin();
    const first = await fleet.run(id);
    const idle = await fleet.run(id);
    rows("b").delete("bad");
    const released = await fleet.release(id, slugs("b"));
    const second = await fleet.run(id);

    expect(first).toMatchObject({ verdict: "failed", counts: { done: 2, quarantined: 1 } });
    expect(first.left).toMatchObject([
      {
        ...{ tenantId: "b", state: "quarantined", attempts: 1 },
        result: {
          after: "0001-notes",
          failure: { code: "MIGRATION_FAILED", migration: "0002-tags" },
        },
      },
    ]);
    expect(first.left[0]?.result?.failure?.message).toContain("they fail on purpose");
    expect(first.stoppedAfter).toBeUndefined();
    expect(idle).toEqual(first);
    expect(released).toBe(1);
    expect(second).toMatchObject({ verdict: "done", counts: { done: 3 } });
    for (const slug of ["a", "b", "c"]) {
      expect(Object.fromEntries(rows(slug))).toEqual({ "0001-notes": 1, "0002-tags": 1 });
      expect((await read(slug))?.schemaVersion).toBe("0002-tags");
    }
  });

  it("F069: made anew has only those that failed before", async () => {
    const { fleet, add, rows } = await startFleet([counting("0001-notes", brittle)]);
    for (const slug of ["a", "b", "c"]) await add(slug);
    rows("b").set("bad", true);
    await fleet.run((await fleet.begin()).id);

    const { id, upToDate } = await fleet.begin();
    const report = await fleet.report(id);

    expect(upToDate).toBe(2);
    expect(report.counts.waiting).toBe(1);
  });

  it("C118: stops at the first failure where that is asked for", async () => {
    const { fleet, add, rows } = await startFleet([counting("0001-notes", brittle)]);
    for (const slug of ["a", "b", "c", "d"]) await add(slug);
    rows("b").set("bad", true);

    const { id } = await fleet.begin({ stopAtFirst: true });
    const report = await fleet.run(id, { concurrency: 1 });

    expect(report).toMatchObject({
      ...{ verdict: "failed", stoppedAfter: 0 },
      counts: { done: 1, quarantined: 1, waiting: 2 },
    });
    expect(rows("c").size).toBe(0);
  });

  it("begins with the canary and stops after a wave of which too much failed", async () => {
    const { fleet, add, rows } = await startFleet([counting("0001-notes", brittle)]);
    for (const slug of ["a", "b", "c", "d", "e", "f"]) await add(slug);
    rows("d").set("bad", true);
    rows("a").set("bad", true);
    const waves = { waveSize: 2 };

    const strict = await fleet.run((await fleet.begin({ ...waves, canary: slugs("d", "f") })).id);
    const lenience = { maxFailedShare: 0.5, canary: slugs("d", "b") };
    const { id } = await fleet.begin({ ...waves, ...lenience });
    const lenient = await fleet.run(id);

    expect(strict).toMatchObject({ stoppedAfter: 0, counts: { done: 1, waiting: 4 } });
    expect(lenient).toMatchObject({ stoppedAfter: undefined, counts: { done: 3, waiting: 0 } });
    expect(lenient.left.map(({ tenantId, wave }) => [tenantId, wave])).toEqual([
      ["d", 0],
      ["a", 1],
    ]);
  });

  it("makes waves of a share of the tenants, after a canary by number", async () => {
    const { fleet, add, registry } = await startFleet();
    for (const slug of ["a", "b", "c", "d", "e", "f"]) await add(slug);

    const { id } = await fleet.begin({ canary: 1, waveSize: 0.5 });
    const planned = await registry.transaction(({ plannedTenants }) => plannedTenants.list(id));

    expect(planned.map(({ tenantId, wave }) => `${tenantId}${wave}`)).toEqual([
      "a0",
      "b1",
      "c1",
      "d1",
      "e2",
      "f2",
    ]);
  });

  it("X13: lets no tenant wait for a slow one while somebody is free", async () => {
    const slow = gate();
    const { fleet, add, rows, settle, read } = await startFleet([
      counting("0001-notes", (own) => (own.has("slow") ? slow.opened : undefined)),
    ]);
    const others = Array.from({ length: 20 }, (_, index) => `t${index + 10}`);
    for (const slug of others) await add(slug);
    await add("a-slow");
    rows("a-slow").set("slow", true);
    const { id } = await fleet.begin();

    const running = fleet.run(id, { concurrency: 2 });
    running.catch(() => undefined);
    while ((await fleet.report(id)).counts.done < others.length) await settle(Promise.resolve());
    const served = await Promise.all(others.map(read));
    slow.open();
    const report = await running;

    expect(served.map((tenant) => tenant?.schemaVersion)).toEqual(others.map(() => "0001-notes"));
    expect(report.counts).toMatchObject({ done: 21 });
  });

  it("tries again later what passes by itself, and gives up in the end", async () => {
    let tries = 0;
    const { fleet, add, settle } = await startFleet([
      counting("0001-notes", () => {
        tries += 1;
        if (tries < 4) throw new MigrationLockedError("a");
      }),
    ]);
    await add("a");
    const { id } = await fleet.begin({ retries: 1 });

    const first = await settle(fleet.run(id));
    const second = await settle(fleet.run(id));

    expect(first.left).toMatchObject([{ state: "failed", attempts: 2 }]);
    expect(first.verdict).toBe("failed");
    expect(second).toMatchObject({ verdict: "done", counts: { done: 1 } });
    expect(tries).toBe(4);
  });

  it("F075: gives a tenant only so much time, and the others theirs", async () => {
    const never = gate();
    const { fleet, add, rows, settle } = await startFleet([
      counting("0001-notes", (own) => (own.has("slow") ? never.opened : undefined)),
    ]);
    for (const slug of ["a", "b", "c"]) await add(slug);
    rows("a").set("slow", true);
    const { id } = await fleet.begin({ timeoutMs: 5_000, retries: 0 });

    const report = await settle(fleet.run(id, { concurrency: 1 }));

    expect(report.counts).toMatchObject({ done: 2, failed: 1 });
    expect(report.left[0]?.result?.failure?.code).toBe("MIGRATION_TIMEOUT");
    never.open();
  });
});

describe("the preview of a plan", () => {
  it("S035: tells of a tenant that cannot be looked into, and goes on with the others", async () => {
    const { fleet, add, databases } = await startFleet();
    for (const slug of ["acme", "broken", "globex"]) await add(slug);
    const placement = databases.place("broken", 1);
    await databases.manager(placement).drop({ tenantId: "broken", placement });

    const preview = await fleet.preview();

    const migrations = ["0001-notes", "0002-tags"];
    expect(preview).toMatchObject([
      { migrations, tenants: ["acme", "globex"] },
      { migrations: [], tenants: ["broken"], error: { code: "DATABASE_NOT_READY" } },
    ]);
    expect(preview[0]).not.toHaveProperty("error");
  });
});
