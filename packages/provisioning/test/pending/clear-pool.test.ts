import { describe, expect, it } from "vitest";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { codeThrownBy } from "../support/thrown-by.ts";

const hour = 3_600_000;

describe("clearing", () => {
  it("C114: purges all of them and nobody else", async () => {
    const { join: enter, registry } = installation();
    const { tenants } = await enter();
    await tenants.create({ slug: "globex" });
    const made = await tenants.pending.fill(2);

    const report = await tenants.pending.clear();

    expect(report).toEqual({ cleared: [...made].sort(), failed: [] });
    const left = await journalOf(registry);
    expect(left.tenants).toMatchObject([{ slug: "globex" }]);
    expect(left.ledger).toHaveLength(1);
  });

  it("C114: purges by age, in days or in hours", async () => {
    const { join: enter, clock } = installation();
    const { pending } = (await enter()).tenants;
    const [oldest] = await pending.fill(1);
    await clock.advance(30 * hour);
    const [older] = await pending.fill(2);
    await clock.advance(3 * hour);
    await pending.fill(3);

    expect(await pending.clear({ olderThanDays: 2 })).toEqual({ cleared: [], failed: [] });
    expect((await pending.clear({ olderThanDays: 1 })).cleared).toEqual([oldest]);
    expect((await pending.clear({ olderThanHours: 3 })).cleared).toEqual([older]);
    expect(await pending.count()).toBe(1);
  });

  it.each([
    { olderThanDays: 1, olderThanHours: 1 },
    { olderThanDays: -1 },
    { olderThanHours: "1" },
    { olderThan: 1 },
  ])("C114: refuses %j", async (options) => {
    const { join: enter } = installation();
    const { pending } = (await enter()).tenants;
    await pending.fill(1);

    expect(await codeThrownBy(() => pending.clear(options as object))).toBe("INVALID_INPUT");
    expect(await pending.count()).toBe(1);
  });

  it("leaves alone what is pulled meanwhile", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    const { pending } = tenancy.tenants;
    await pending.fill(1);
    const purged: string[] = [];
    tenancy.events.on("tenantPurging", async ({ tenant }) => {
      purged.push(tenant.id);
      await pending.pull({ slug: "acme" });
    });

    const report = await pending.clear();

    expect(purged).toHaveLength(1);
    expect(report).toEqual({ cleared: [], failed: [] });
    expect((await journalOf(registry)).tenants).toMatchObject([{ slug: "acme", status: "active" }]);
  });

  it("tells what cannot be purged, and goes on with the others", async () => {
    const { join: enter } = installation();
    const tenancy = await enter();
    const { pending } = tenancy.tenants;
    const [first = "", second = ""] = [...(await pending.fill(2))].sort();
    tenancy.events.on("failure", () => undefined);
    tenancy.events.on("tenantPurging", ({ tenant }) => tenant.id !== first && undefined);

    const { cleared, failed } = await pending.clear();

    expect(cleared).toEqual([second]);
    expect(failed).toMatchObject([{ tenantId: first, error: { code: "VETOED" } }]);
  });
});
