import type { CentralRegistry, MigrationPlanOptions } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { gate } from "../support/gate.ts";
import { losingCommit, losingReply } from "../support/lost-replies.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { counting, startFleet } from "./start-fleet.ts";

const tenants = ["a", "b", "c", "d", "e"];

describe("a run that ends before its plan", () => {
  it.each([
    ["every migration", {}, { "0001-notes": 1, "0002-tags": 1 }],
    ["a single migration", { steps: 1 }, { "0001-notes": 1 }],
    [
      "taking back",
      { direction: "down" },
      { "0001-notes": 1, "0002-tags": 1, "0002-tags back": 1 },
    ],
    ["a fresh beginning", { direction: "fresh" }, { "0001-notes": 1, "0002-tags": 1 }],
  ] as const)(
    "F071: is resumed wherever the registry went away, and %s is done once",
    async (_what, options: MigrationPlanOptions, expected) => {
      const ends = new Set<string>();
      for (const lose of [losingCommit, losingReply]) {
        for (let lost = 1; lost <= 40; lost += 1) {
          const { fleet, add, rows, read, registry, start, settle } = await startFleet();
          for (const slug of tenants) await add(slug);
          for (const slug of tenants) rows(slug).set("old", true);
          if (options.direction === "down") await fleet.run((await fleet.begin()).id);
          const { id } = await fleet.begin({ canary: 2, ...options });
          const other = await start({ registry: lose(registry, lost) });

          const died = await settle(
            codeOrDone(other.tenants.migrations.run(id, { concurrency: 1 })),
          );
          ends.add(died);
          const begun = tenants.filter((slug) => !rows(slug).has("old"));
          for (const slug of begun) rows(slug).set("young", true);
          const report = await settle(
            resumed(async () => {
              await fleet.release(id);
              return fleet.run(id);
            }),
          );

          expect(report, `${lose.name} ${lost}`).toMatchObject({ verdict: "done" });
          for (const slug of tenants) {
            const had = {
              ...expected,
              ...(options.direction !== "fresh" && { old: true }),
              ...(begun.includes(slug) && { young: true }),
            };
            expect(Object.fromEntries(rows(slug)), `${lose.name} ${lost}`).toEqual(had);
            const version = "0002-tags" in expected && !("0002-tags back" in expected);
            expect((await read(slug))?.schemaVersion).toBe(version ? "0002-tags" : "0001-notes");
          }
        }
      }
      expect(ends).toContain("done");
      expect(ends.size).toBeGreaterThan(1);
    },
  );

  it("takes back no more than it was told when one of two steps fails at first", async () => {
    let isBroken = true;
    const middle = counting("0002-tags");
    const { fleet, add, rows } = await startFleet([
      counting("0001-notes"),
      {
        ...middle,
        down(own) {
          if (isBroken) throw new RangeError("on purpose");
          return middle.down?.(own);
        },
      },
      counting("0003-links"),
    ]);
    await add("a");
    await fleet.run((await fleet.begin()).id);

    const { id } = await fleet.begin({ direction: "down", steps: 2 });
    const first = await fleet.run(id);
    isBroken = false;
    await fleet.release(id);
    await fleet.run(id);

    expect(first.left[0]?.result).toMatchObject({ before: "0003-links", after: "0002-tags" });
    expect(await fleet.status("a")).toMatchObject({ version: "0001-notes" });
    expect(rows("a").has("0001-notes back")).toBe(false);
  });

  it("F071: two runners of one plan: the second is refused and changes nothing", async () => {
    const slow = gate();
    const { fleet, add, rows, start } = await startFleet([
      counting("0001-notes", () => slow.opened),
    ]);
    for (const slug of tenants) await add(slug);
    const { id } = await fleet.begin();
    const other = (await start()).tenants.migrations;

    const first = fleet.run(id);
    first.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    const second = await codeThrownBy(() => other.run(id));
    const release = await codeThrownBy(() => other.release(id));
    slow.open();

    expect([second, release]).toEqual(["MIGRATION_PLAN_HELD", "MIGRATION_PLAN_HELD"]);
    expect(await first).toMatchObject({ verdict: "done" });
    expect(Object.fromEntries(rows("a"))).toEqual({ "0001-notes": 1 });
    expect(await other.run(id)).toMatchObject({ verdict: "done" });
  });

  it("F071: a dead runner's plan is taken up once its lease is over, and not before", async () => {
    const { fleet, add, registry, clock } = await startFleet();
    for (const slug of tenants) await add(slug);
    const { id } = await fleet.begin();
    await registry.transaction(({ leases }) => leases.claim(`migration-plan:${id}`, "dead", 5_000));

    const early = await codeThrownBy(() => fleet.run(id));
    await clock.advance(5_000);
    const report = await fleet.run(id);

    expect(early).toBe("MIGRATION_PLAN_HELD");
    expect(report.counts.done).toBe(tenants.length);
  });

  it("F148: stops when the tenancy closes, and another process goes on at once", async () => {
    const slow = gate();
    const { add, rows, start, settle } = await startFleet([
      counting("0001-notes", (own) => (own.has("slow") ? slow.opened : undefined)),
    ]);
    for (const slug of tenants) await add(slug);
    rows("c").set("slow", true);
    const [first, second] = [await start(), await start()];
    const { id } = await first.tenants.migrations.begin();

    const running = codeThrownBy(() => first.tenants.migrations.run(id, { concurrency: 1 }));
    // Each tenant takes a turn of the loop, until the slow one keeps the run.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await settle(first.close());
    slow.open();
    const written = await second.tenants.migrations.report(id);
    const report = await settle(second.tenants.migrations.run(id));

    expect(await running).toBe("TENANCY_CLOSED");
    expect(written.counts).toMatchObject({ done: 2, waiting: 3 });
    expect(report.counts.done).toBe(tenants.length);
    expect(Object.fromEntries(rows("c"))).toEqual({ slow: true, "0001-notes": 1 });
  });
});

it("frees its plan at its end, also while it renews its right to it", async () => {
  const [slow, renewing] = [gate(), gate()];
  const { add, clock, registry, start } = await startFleet([
    counting("0001-notes", () => slow.opened),
  ]);
  await add("a");
  let isLate = false;
  const late: CentralRegistry = {
    ...{ name: "late", store: registry.store, changes: registry.changes },
    async transaction(work) {
      if (isLate) {
        isLate = false;
        await renewing.opened;
      }
      return registry.transaction(work);
    },
  };
  const first = (await start({ registry: late })).tenants.migrations;
  const { id } = await first.begin();

  const running = first.run(id);
  await new Promise((resolve) => setImmediate(resolve));
  isLate = true;
  await clock.advance(400);
  slow.open();
  await new Promise((resolve) => setImmediate(resolve));
  renewing.open();
  await running;
  const second = await (await start()).tenants.migrations.run(id);

  expect(second.verdict).toBe("done");
});

async function codeOrDone(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "done";
  } catch (error) {
    return String(error);
  }
}

/** Waits until the lease of the one before is over. */
async function resumed<R>(run: () => Promise<R>): Promise<R> {
  for (let left = 200; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
