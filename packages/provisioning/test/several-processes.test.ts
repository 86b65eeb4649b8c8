import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { inspectSite } from "./crash/inspect-site.ts";
import { repairSite } from "./crash/repair-site.ts";
import { type ProcessEnd, runProcess, startProcess } from "./crash/run-process.ts";
import { shortLease } from "./crash/start-site.ts";
import { withFolder } from "./crash/with-folder.ts";

it(
  "F055: of twenty creates of one slug in four processes one succeeds, with one file",
  { timeout: 60_000 },
  () =>
    withFolder(async (folder) => {
      const slugs = Array<string>(5).fill("acme");

      const ends = await Promise.all(
        Array.from({ length: 4 }, () => runProcess({ folder, call: "create", slugs })),
      );

      const results = ends.flatMap(({ result }) => result as string[]).sort();
      expect(ends.map(({ errors }) => errors)).toEqual(["", "", "", ""]);
      expect(results).toEqual([...Array<string>(19).fill("SLUG_TAKEN"), "active"]);
      const { tenants, names, unfinished, ledger } = await inspectSite(folder);
      expect(tenants).toMatchObject([{ slug: "acme", status: "active" }]);
      expect([names.length, ledger.length, unfinished.length]).toEqual([1, 1, 0]);
    }),
);

it("two that repair at once finish an operation once", { timeout: 60_000 }, () =>
  withFolder(async (folder) => {
    await runProcess({ folder, call: "create", at: "after migrate" });
    await setTimeout(shortLease + 50);

    const ends = await Promise.all([
      runProcess({ folder, call: "repair", leaseMs: 20_000 }),
      runProcess({ folder, call: "repair", leaseMs: 20_000 }),
    ]);

    expect(ends.map(({ errors }) => errors)).toEqual(["", ""]);
    const reports = ends.map(({ result }) => result as { finished: unknown[]; failed: unknown[] });
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

it.for(["before create", "after create", "after migrate", "after verify", "after commit ledger"])(
  "F057: one that is stopped %s and goes on after it was replaced is refused, and its file is swept",
  { timeout: 60_000 },
  (at) =>
    withFolder(async (folder) => {
      const { child, ended } = startProcess({ folder, call: "create", at, signal: "SIGSTOP" });
      let early: ProcessEnd | undefined;
      void ended.then((end) => {
        early = end;
      });
      while (!existsSync(join(folder, "reached")) && early === undefined) await setTimeout(20);
      expect(early).toBeUndefined();
      const first = await repairSite(folder);

      child.kill("SIGCONT");
      const zombie = await ended;
      await repairSite(folder);

      expect(first.finished).toMatchObject([{ state: "done", generation: 2 }]);
      expect(zombie).toEqual({ signal: null, result: ["STALE_OPERATION"], errors: "" });
      const state = await inspectSite(folder);
      expect(state.tenants).toMatchObject([{ status: "active", placement: { generation: 2 } }]);
      expect(state.names).toEqual([state.tenants[0]?.placement?.name]);
      expect(state.unfinished).toEqual([]);
    }),
);
