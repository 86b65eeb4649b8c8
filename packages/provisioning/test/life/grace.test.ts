import { describe, expect, it } from "vitest";
import { codeThrownBy } from "../support/thrown-by.ts";
import { startLife } from "./life.ts";

const day = 24 * 3_600_000;

describe("the grace of a suspension", () => {
  it("is none unless it is asked for", async () => {
    const { tenants, add, clock } = await startLife();
    await add({ slug: "acme" });

    const suspended = await tenants.suspend("acme");

    expect(suspended).toMatchObject({ status: "suspended", suspendedAt: clock.now() });
    expect(suspended.graceUntil).toBeUndefined();
  });

  it("only ever ends earlier, however often the call is repeated", async () => {
    const { tenants, add, clock, acts } = await startLife();
    await add({ slug: "acme" });
    const first = await tenants.suspend("acme", { graceMs: 3 * day });
    await clock.advance(day);

    expect(await tenants.suspend("acme", { graceMs: 3 * day })).toEqual(first);
    const sooner = await tenants.suspend("acme", { graceMs: day });
    const atOnce = await tenants.suspend("acme");

    expect(sooner).toMatchObject({ graceUntil: clock.now() + day, suspendedAt: first.suspendedAt });
    expect(atOnce.graceUntil).toBeUndefined();
    expect(await tenants.suspend("acme", { graceMs: day })).toEqual(atOnce);
    const three = Array.from({ length: 3 }, () => "tenant.suspended");
    expect(await acts()).toEqual({ outbox: three, audit: three });
  });

  it("ends with the suspension", async () => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });
    await tenants.suspend("acme", { graceMs: day });

    const { suspendedAt, graceUntil, status } = await tenants.resume("acme");

    expect({ suspendedAt, graceUntil, status }).toEqual({ status: "active" });
  });
});

describe("S030: a deleted tenant", () => {
  it("keeps its place, its slug and its domains for 7 days", async () => {
    const { tenants, registry, clock } = await startLife();
    const acme = await tenants.create({ slug: "acme", domains: ["acme.example.com"] });

    const deleted = await tenants.delete(acme.id);

    expect(deleted).toMatchObject({
      status: "deleted",
      placement: acme.placement,
      deletedAt: clock.now(),
      graceUntil: clock.now() + 7 * day,
      formerStatus: "active",
    });
    expect(await registry.transaction((one) => one.tenants.domains(acme.id))).toHaveLength(1);
    expect(await codeThrownBy(() => tenants.create({ slug: "acme" }))).toBe("SLUG_TAKEN");
  });

  it.each(["active", "inactive", "suspended", "blocked", "archived"] as const)(
    "that was %s is that again",
    async (status) => {
      const { tenants, add } = await startLife();
      await add({ slug: "acme", status, suspendedAt: status === "suspended" ? 5 : undefined });

      await tenants.delete("acme");
      const restored = await tenants.restore("acme");

      expect(restored).toMatchObject({ status, version: 3 });
      const { deletedAt, graceUntil, formerStatus, suspendedAt } = restored;
      expect({ deletedAt, graceUntil, formerStatus, suspendedAt }).toEqual({
        suspendedAt: status === "suspended" ? 5 : undefined,
      });
    },
  );

  it("can be restored until its grace is over and not from then on", async () => {
    const { tenants, add, clock, read } = await startLife();
    await add({ slug: "acme" });
    await add({ slug: "globex" });
    await tenants.delete("acme", { graceMs: 10 });
    const globex = await tenants.delete("globex", { graceMs: 10 });

    await clock.advance(9);
    expect(await tenants.restore("acme")).toMatchObject({ status: "active" });
    await clock.advance(1);
    expect(await codeThrownBy(() => tenants.restore("globex"))).toBe("RESTORE_TOO_LATE");
    expect(await read("globex")).toEqual(globex);
  });

  it("is not what it was before a block when that is not known any more, but inactive", async () => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme", status: "suspended", suspendedAt: 5 });
    await tenants.block("acme");
    await tenants.delete("acme");
    await tenants.restore("acme");

    expect(await tenants.unblock("acme")).toMatchObject({ status: "inactive" });
  });

  it("only ever has less grace when it is deleted once more", async () => {
    const { tenants, add, clock } = await startLife();
    await add({ slug: "acme" });
    const first = await tenants.delete("acme", { graceMs: day });

    expect(await tenants.delete("acme")).toEqual(first);
    expect(await tenants.delete("acme", { graceMs: 0 })).toMatchObject({ graceUntil: clock.now() });
  });
});

it.each(["block", "archive"] as const)(
  "%s is lifted without lifting a suspension",
  async (name) => {
    const { tenants, add } = await startLife();
    await add({ slug: "acme" });
    await tenants.suspend("acme", { graceMs: day });

    const aside = await tenants[name]("acme");
    const back = await tenants[name === "block" ? "unblock" : "unarchive"]("acme");

    expect(aside).toMatchObject({ formerStatus: "suspended", graceUntil: undefined });
    expect(back).toMatchObject({ status: "suspended", suspendedAt: aside.suspendedAt });
    expect(back.graceUntil).toBeUndefined();
  },
);
