import { describe, expect, it } from "vitest";
import { gate } from "../support/gate.ts";
import { installation } from "../support/installation.ts";
import { journalOf } from "../support/journal-of.ts";
import { codeThrownBy } from "../support/thrown-by.ts";

const pending = { keep: 2, everyMs: 1_000 };

describe("the keeper of the pool", () => {
  it("C114: fills it from time to time, and again after a pull", async () => {
    const { join: enter, clock } = installation();
    const { tenants } = await enter({ pending });

    const before = await tenants.pending.count();
    await clock.advance(1_000);
    const filled = await tenants.pending.count();
    await tenants.pending.pull({ slug: "acme" });
    await clock.advance(1_000);

    expect([before, filled]).toEqual([0, 2]);
    expect(await tenants.pending.count()).toBe(2);
  });

  it("works in one process at a time", async () => {
    const { join: enter, clock, registry } = installation();
    const all = [await enter({ pending }), await enter({ pending }), await enter({ pending })];

    await clock.advance(1_000);

    expect(await all[0]?.tenants.pending.count()).toBe(2);
    expect((await journalOf(registry)).tenants).toHaveLength(2);
  });

  it("tells what fails, and tries again at its next look", async () => {
    const { join: enter, clock } = installation();
    const tenancy = await enter({ pending });
    const failures: unknown[] = [];
    tenancy.events.on("failure", ({ error, tenantId }) => void failures.push([error, tenantId]));
    const remove = tenancy.events.on("pendingCreating", () => false);

    await clock.advance(1_000);
    remove();
    const after = await tenancy.tenants.pending.count();
    await clock.advance(1_000);

    expect(failures).toMatchObject([[{ code: "VETOED" }, null]]);
    expect(after).toBe(0);
    expect(await tenancy.tenants.pending.count()).toBe(2);
  });

  it("is closed with the tenancy, at the end of the step that it is at", async () => {
    const { join: enter, clock, registry } = installation();
    const [begun, go] = [gate(), gate()];
    const tenancy = await enter({
      pending,
      creation: {
        database: [
          {
            name: "seed",
            async run() {
              begun.open();
              await go.opened;
            },
          },
        ],
      },
    });

    const advanced = clock.advance(1_000);
    await begun.opened;
    const closed = tenancy.close();
    go.open();
    await Promise.all([advanced, closed]);
    await clock.advance(60_000);
    const other = await enter();
    const report = await other.tenants.repair();

    expect(await codeThrownBy(() => tenancy.tenants.pending.count())).toBe("TENANCY_CLOSED");
    expect(report).toMatchObject({ finished: [{ kind: "create-pending" }], failed: [] });
    expect((await journalOf(registry)).tenants).toMatchObject([{ status: "pending" }]);
  });

  it("fills nothing where no number is configured", async () => {
    const { join: enter, clock } = installation();
    const { tenants } = await enter({ pending: { everyMs: 1_000 } });

    await clock.advance(10_000);

    expect(await tenants.pending.count()).toBe(0);
  });
});
