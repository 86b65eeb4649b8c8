import { manualClock } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { installation } from "../support/installation.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { startLife } from "./life.ts";

const pruned = { changes: 0, operations: 0, plans: 0 };

describe("S072: expiry", () => {
  it("is set, moved and taken away", async () => {
    const { tenants, add, acts } = await startLife();
    await add({ slug: "acme" });

    expect(await tenants.setExpiry("acme", 5_000)).toMatchObject({ expiresAt: 5_000, version: 2 });
    expect(await tenants.setExpiry("acme", 5_000)).toMatchObject({ version: 2 });
    expect((await tenants.setExpiry("acme", undefined)).expiresAt).toBeUndefined();
    const twice = ["tenant.expiry-set", "tenant.expiry-set"];
    expect(await acts()).toEqual({ outbox: twice, audit: twice });
  });

  it("suspends whom a sweep finds expired, and nobody else", async () => {
    const { tenants, add, clock, read } = await startLife();
    const now = clock.now();
    await add({ slug: "over", expiresAt: now });
    await add({ slug: "later", expiresAt: now + 1 });
    await add({ slug: "never" });
    await add({ slug: "blocked", status: "blocked", expiresAt: now });

    const report = await tenants.sweep();

    expect(report).toEqual({ suspended: ["over"], purged: [], failed: [], pruned });
    expect(await read("over")).toMatchObject({ status: "suspended", suspendedAt: now });
    expect((await read("later"))?.status).toBe("active");
    expect((await read("blocked"))?.status).toBe("blocked");
    expect(await tenants.sweep()).toEqual({ suspended: [], purged: [], failed: [], pruned });
  });

  it("is renewed by a later one, which ends the suspension that it had brought about", async () => {
    const { tenants, add, clock, acts } = await startLife();
    await add({ slug: "acme", expiresAt: clock.now() });
    await tenants.sweep();

    const stillOver = await tenants.setExpiry("acme", clock.now() - 1);
    const renewed = await tenants.setExpiry("acme", clock.now() + 1_000);

    expect(stillOver.status).toBe("suspended");
    expect(renewed).toMatchObject({ status: "active", suspendedAt: undefined });
    const { outbox, audit } = await acts();
    expect(outbox.slice(-2)).toEqual(["tenant.expiry-set", "tenant.resumed"]);
    expect(audit).toEqual(outbox);
  });

  it.each(["before it", "after it"])(
    "that is renewed does not end a suspension on somebody's word %s",
    async (when) => {
      const { tenants, add, clock } = await startLife();
      await add({ slug: "acme", expiresAt: clock.now() + 5 });
      if (when === "before it") await tenants.suspend("acme");
      await clock.advance(10);
      await tenants.sweep();
      if (when === "after it") await tenants.suspend("acme");

      const renewed = await tenants.setExpiry("acme", clock.now() + 1_000);

      expect(renewed.status).toBe("suspended");
      expect(await tenants.resume("acme")).toMatchObject({ status: "active" });
    },
  );

  it("that is set to the very moment of a suspension does not make it one by expiry", async () => {
    const { tenants, add, clock } = await startLife();
    const now = clock.now();
    await add({ slug: "acme", expiresAt: now });
    await add({ slug: "globex" });
    await tenants.suspend("acme");
    await tenants.suspend("globex");
    await tenants.setExpiry("globex", now);

    for (const slug of ["acme", "globex"]) {
      expect((await tenants.setExpiry(slug, now + 1_000)).status).toBe("suspended");
    }
  });

  it("asks the listeners before its renewal ends a suspension", async () => {
    const { add, clock, join, read } = await startLife();
    const { tenants, events } = await join();
    await add({ slug: "acme", expiresAt: clock.now() });
    await tenants.sweep();
    const told: unknown[] = [];
    events.on("statusChanged", ({ move, from }) => void told.push([move, from]));
    const remove = events.on("statusChanging", ({ move }) =>
      move === "resume" ? false : undefined,
    );

    const refused = await codeThrownBy(() => tenants.setExpiry("acme", clock.now() + 5));
    expect([refused, (await read("acme"))?.expiresAt]).toEqual(["VETOED", clock.now()]);
    remove();
    await tenants.setExpiry("acme", clock.now() + 5);
    expect(told).toEqual([["resume", "suspended"]]);
  });

  it.each([-1, 1.5, Number.NaN, 9e15, "2030-01-01", null])("cannot be %j", async (expiresAt) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });

    expect(await codeThrownBy(() => tenants.setExpiry("acme", expiresAt as never))).toBe(
      "INVALID_INPUT",
    );
  });
});

describe("a sweep", () => {
  it("purges the deleted ones whose grace is over, and nobody else", async () => {
    const { tenants, clock, read } = await startLife();
    const ids: string[] = [];
    for (const slug of ["acme", "globex", "initech"]) ids.push((await tenants.create({ slug })).id);
    const [acme = "", globex = "", initech = ""] = ids;
    await tenants.delete(acme, { graceMs: 10 });
    await tenants.delete(globex, { graceMs: 11 });
    await clock.advance(10);

    expect(await tenants.sweep({ purgeDeleted: false })).toMatchObject({ purged: [] });
    expect(await tenants.sweep()).toEqual({ suspended: [], purged: [acme], failed: [], pruned });
    expect(await read(acme)).toBeUndefined();
    expect((await read(globex))?.status).toBe("deleted");
    expect((await read(initech))?.status).toBe("active");
    expect(await tenants.create({ slug: "acme" })).toMatchObject({ status: "active" });
  });

  it("in two processes at once purges each tenant once", async () => {
    const shared = installation();
    const [one, other] = [await startLife(shared), await startLife(shared)];
    const ids: string[] = [];
    for (let count = 10; count < 20; count += 1) {
      const { id } = await one.tenants.create({ slug: `t-${count}` });
      await one.tenants.delete(id, { graceMs: 0 });
      ids.push(id);
    }

    const reports = await Promise.all([one.tenants.sweep(), other.tenants.sweep()]);

    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    expect(reports.flatMap(({ purged }) => purged).sort()).toEqual(ids.sort());
    const { outbox } = await one.acts();
    expect(outbox.filter((type) => type === "tenant.purged")).toHaveLength(ids.length);
  });

  it("does not purge who is restored while it goes on", async () => {
    const { clock, join, read } = await startLife();
    const { tenants, events } = await join();
    const slow = await join({ clock: manualClock(clock.now() - 1) });
    for (const id of ["a", "b"]) {
      await tenants.create({ slug: id, id });
      await tenants.delete(id, { graceMs: 0 });
    }
    events.on("tenantPurged", async () => void (await slow.tenants.restore("b")));

    expect(await tenants.sweep()).toEqual({ suspended: [], purged: ["a"], failed: [], pruned });
    expect((await read("b"))?.status).toBe("active");
  });

  it("F146: with a clock that jumped ahead suspends and purges nobody before the time", async () => {
    const { tenants, add, clock, join, read, acts } = await startLife();
    const ahead = manualClock(clock.now());
    const jumped = await join({ clock: ahead });
    const globex = await tenants.create({ slug: "globex" });
    const deleted = await tenants.delete(globex.id, { graceMs: 1_000 });
    const acme = await add({ slug: "acme", expiresAt: clock.now() + 1_000 });
    const told = await acts();
    await ahead.advance(3_600_000);

    expect(await codeThrownBy(() => jumped.tenants.sweep())).toBe("CLOCK_AHEAD");
    expect(await jumped.tenants.sweep({ suspendExpired: false })).toMatchObject({ purged: [] });
    expect([await read("acme"), await read(globex.id)]).toEqual([acme, deleted]);
    expect(await acts()).toEqual(told);

    await clock.advance(1_000);
    expect(await jumped.tenants.sweep()).toEqual({
      ...{ suspended: ["acme"], purged: [globex.id], failed: [], pruned },
    });
  });

  it("leaves expired ones as they are where it is told to", async () => {
    const { tenants, add, clock, read } = await startLife();
    const acme = await add({ slug: "acme", expiresAt: clock.now() });

    expect(await tenants.sweep({ suspendExpired: false })).toMatchObject({ suspended: [] });
    expect(await read("acme")).toEqual(acme);
  });

  it("does no more than its limit, and the rest the next time", async () => {
    const { tenants, add, clock } = await startLife();
    for (const slug of ["a", "b", "c"]) await add({ slug, expiresAt: clock.now() });

    expect(await tenants.sweep({ limit: 2 })).toMatchObject({ suspended: ["a", "b"] });
    expect(await tenants.sweep({ limit: 2 })).toMatchObject({ suspended: ["c"] });
  });

  it("does what it can when one tenant cannot be moved, and tells of that", async () => {
    const { add, clock, join } = await startLife();
    const { tenants, events } = await join();
    for (const slug of ["a", "b"]) await add({ slug, expiresAt: clock.now() });
    const failures: (string | null)[] = [];
    events.on("failure", ({ tenantId }) => void failures.push(tenantId));
    events.on("statusChanging", ({ tenant }) => (tenant.id === "a" ? false : undefined));

    const { suspended, failed } = await tenants.sweep({ limit: 1 });

    expect(suspended).toEqual(["b"]);
    expect(failed).toMatchObject([{ tenantId: "a", error: { code: "VETOED" } }]);
    expect(failures).toEqual(["a"]);
  });

  it("in two processes at once suspends each tenant once", async () => {
    const shared = installation();
    const [one, other] = [await startLife(shared), await startLife(shared)];
    const slugs = Array.from({ length: 20 }, (_, index) => `t-${index + 10}`);
    for (const slug of slugs) await one.add({ slug, expiresAt: shared.clock.now() });

    const reports = await Promise.all([one.tenants.sweep(), other.tenants.sweep()]);

    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    expect(reports.flatMap(({ suspended }) => suspended).sort()).toEqual(slugs);
    expect((await one.acts()).outbox).toHaveLength(slugs.length);
  });

  it("does not suspend who is renewed while it goes on", async () => {
    const { add, clock, join, read } = await startLife();
    const { tenants, events } = await join();
    for (const slug of ["a", "b"]) await add({ slug, expiresAt: clock.now() });
    events.on("statusChanged", async ({ tenant }) => {
      if (tenant.id === "a") await tenants.setExpiry("b", clock.now() + 1_000);
    });

    expect(await tenants.sweep()).toEqual({ suspended: ["a"], purged: [], failed: [], pruned });
    expect((await read("b"))?.status).toBe("active");
  });

  it.each([
    { limit: 0 },
    { limit: 1.5 },
    { suspendExpired: 1 },
    { purgeDeleted: "no" },
    { sweepAll: true },
  ])("refuses options that it does not know: %j", async (options) => {
    const { tenants, add, clock, read } = await startLife();
    const acme = await add({ slug: "acme", expiresAt: clock.now() });

    expect(await codeThrownBy(() => tenants.sweep(options as never))).toBe("INVALID_CONFIGURATION");
    expect(await read("acme")).toEqual(acme);
  });
});
