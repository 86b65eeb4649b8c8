import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { testScale } from "@af-tenancy/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Crew, type Hand, startCrew } from "./crash/crew.ts";
import { foundName, siteIn, withSite } from "./crash/engine.ts";
import { inspectSite, type SiteState } from "./crash/inspect-site.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { type Orders, performHere } from "./crash/perform.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { repairSite } from "./crash/repair-site.ts";
import { runProcess } from "./crash/run-process.ts";
import { sampled } from "./crash/sampled.ts";
import { shortLease } from "./crash/start-site.ts";
import { whyNot } from "./crash/why-not.ts";
import { withFolder } from "./crash/with-folder.ts";

const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

let crew: Crew;
beforeAll(async () => {
  crew = await startCrew(4);
});
afterAll(() => crew.dismiss());

describe.each(["sqlite", "postgresql", "postgresql-schema", "mariadb"] as const)(
  "on %s",
  (engine) => {
    const why = missing[engine.split("-")[0] ?? ""];
    const title = why === undefined ? "" : ` (skipped: ${why})`;

    it.skipIf(why)(
      `F055: of twenty creates of one slug in four processes one succeeds, with one database${title}`,
      { timeout: 120_000 },
      () =>
        withSite(engine, async (folder) => {
          const slugs = Array<string>(5).fill("acme");

          const results = await inFourProcesses({ folder, call: "create", slugs });

          expect(results).toEqual([...Array<string>(19).fill("SLUG_TAKEN"), "active"]);
          const { tenants, names, unfinished, ledger } = await inspectSite(folder);
          expect(tenants).toMatchObject([{ slug: "acme", status: "active" }]);
          expect([names.length, ledger.length, unfinished.length]).toEqual([1, 1, 0]);
        }),
    );

    // The others are for the long run: what differs between the engines is what the first of each kind shows.
    if (testScale() < 1 && !["sqlite", "postgresql-schema"].includes(engine)) return;

    it.skipIf(why)(
      `F055: of twenty adoptions of one database in four processes one succeeds${title}`,
      { timeout: 120_000 },
      () =>
        withSite(engine, async (folder) => {
          await siteIn(folder).makeFound?.(foundName(folder));

          const results = await inFourProcesses({ folder, call: "adopt" }, (number) =>
            Array.from({ length: 5 }, (_, index) => `tenant-${number}-${index}`),
          );

          expect(results).toEqual([...Array<string>(19).fill("DATABASE_OWNED"), "active"]);
          expectOneDatabase(await inspectSite(folder), foundName(folder));
          expect(await siteIn(folder).notesIn?.(foundName(folder))).toEqual(["kept"]);
        }),
    );
  },
);

it.each(
  testScale() < 1 || missing.postgresql
    ? (["sqlite"] as const)
    : (["sqlite", "postgresql"] as const),
)(
  "F067: of twelve pulls in four processes five get one of five tenants each, and seven none, on %s",
  { timeout: 120_000 },
  (engine) =>
    withSite(engine, async (folder) => {
      await performHere({ folder, call: "fill", pool: { count: 5 } });

      const results = await inFourProcesses({ folder, call: "pull" }, (number) =>
        Array.from({ length: 3 }, (_, index) => `tenant-${number}-${index}`),
      );

      expect(results).toEqual([...Array(7).fill("EMPTY"), ...Array(5).fill("active")]);
      const { tenants, names, ledger, unfinished } = await inspectSite(folder);
      expect(tenants.every(({ status }) => status === "active")).toBe(true);
      expect([tenants.length, names.length, ledger.length, unfinished]).toEqual([5, 5, 5, []]);
    }),
);

async function inFourProcesses(
  orders: Orders,
  slugsOf = (_: number): readonly string[] => orders.slugs ?? [],
): Promise<readonly string[]> {
  const results = await Promise.all(
    crew.hands.map((hand, index) => hand.perform({ ...orders, slugs: slugsOf(index + 1) })),
  );
  return results.flatMap((result) => result as string[]).sort();
}

function expectOneDatabase({ tenants, names, ledger, unfinished }: SiteState, name: string): void {
  expect(tenants).toMatchObject([{ status: "active", placement: { name } }]);
  expect(ledger).toMatchObject([{ tenantId: tenants[0]?.id, state: "adopted" }]);
  expect([names, unfinished]).toEqual([[name], []]);
}

it("two that repair at once finish an operation once", { timeout: 60_000 }, () =>
  withFolder(async (folder) => {
    await runProcess({ folder, call: "create", at: "after migrate" });
    await setTimeout(shortLease + 50);

    const repair = { folder, call: "repair", leaseMs: 20_000 } as const;
    const reports = (await Promise.all(
      crew.hands.slice(0, 2).map((hand) => hand.perform(repair)),
    )) as { finished: unknown[]; failed: unknown[] }[];

    expect(reports.flatMap(({ finished }) => finished)).toMatchObject([
      { state: "done", generation: 2 },
    ]);
    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    await repairSite(folder);
    const { tenants, names, unfinished } = await inspectSite(folder);
    expect(tenants).toMatchObject([{ status: "active", placement: { generation: 2 } }]);
    expect(names).toEqual([tenants[0]?.placement?.name]);
    expect(unfinished).toEqual([]);
  }),
);

it.for(
  sampled(
    ["before create", "after create", "after migrate", "after verify", "after commit intent"],
    1,
    5,
  ),
)(
  "F057: one that is stopped %s and goes on after it was replaced is refused, and its file is swept",
  { timeout: 60_000 },
  (at) =>
    withFolder(async (folder) => {
      const { hand, ended } = await stopped({ folder, call: "create", at });
      const first = await repairSite(folder);

      hand.child.kill("SIGCONT");
      const zombie = await ended;
      await repairSite(folder);

      expect(first.finished).toMatchObject([{ state: "done", generation: 2 }]);
      expect(zombie).toEqual(["STALE_OPERATION"]);
      const state = await inspectSite(folder);
      expect(state.tenants).toMatchObject([{ status: "active", placement: { generation: 2 } }]);
      expect(state.names).toEqual([state.tenants[0]?.placement?.name]);
      expect(state.unfinished).toEqual([]);
    }),
);

it.for(sampled(["before adopt", "after adopt", "after migrate", "after verify"], 3, 5))(
  "F057: one that is stopped %s of an adoption is refused once it was replaced, and the file is kept",
  { timeout: 60_000 },
  (at) =>
    withFolder(async (folder) => {
      await siteIn(folder).makeFound?.(foundName(folder));
      const { hand, ended } = await stopped({ folder, call: "adopt", at });
      const first = await repairSite(folder);

      hand.child.kill("SIGCONT");
      const zombie = await ended;
      const second = await repairSite(folder);

      expect(first.finished).toMatchObject([{ kind: "adopt", state: "done", generation: 2 }]);
      expect(zombie).toEqual(["STALE_OPERATION"]);
      expect(second).toEqual({ finished: [], failed: [], swept: [] });
      const state = await inspectSite(folder);
      expectOneDatabase(state, foundName(folder));
      expect(state.tenants).toMatchObject([{ placement: { generation: 2 } }]);
      expect(await siteIn(folder).notesIn?.(foundName(folder))).toEqual(["kept"]);
    }),
);

/** Has a process begin something, in which it is stopped at a point. */
async function stopped(orders: Orders): Promise<{ hand: Hand; ended: Promise<unknown> }> {
  const [hand] = crew.hands as [Hand];
  const ended = hand.perform({ ...orders, signal: "SIGSTOP" });
  const wait = { timeout: 60_000, interval: 20 };
  const reached = vi.waitUntil(() => existsSync(join(orders.folder, "reached")), wait);
  expect(await Promise.race([reached, ended])).toBe(true);
  return { hand, ended };
}
