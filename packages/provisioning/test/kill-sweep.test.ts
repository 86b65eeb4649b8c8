import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { boundaries, commitOf } from "./crash/boundaries.ts";
import { expectOneTenant } from "./crash/expect-site.ts";
import { inspectSite } from "./crash/inspect-site.ts";
import { performHere } from "./crash/perform.ts";
import { repairSite } from "./crash/repair-site.ts";
import { runProcess } from "./crash/run-process.ts";
import { sampled } from "./crash/sampled.ts";
import { shortLease } from "./crash/start-site.ts";
import { withFolder } from "./crash/with-folder.ts";

const nothing = { finished: [], failed: [], swept: [] };

describe("a process that is killed while it creates a tenant", () => {
  it(
    "F051: inside the commit of the intent leaves nothing, and the slug is free",
    { timeout: 60_000 },
    () =>
      withFolder(async (folder) => {
        const killed = await runProcess({ folder, call: "create", at: "inside commit intent" });

        const report = await repairSite(folder);

        expect(killed.signal).toBe("SIGKILL");
        expect(report).toEqual(nothing);
        const empty = { tenants: [], unfinished: [], ledger: [], outbox: [], names: [] };
        expect(await inspectSite(folder)).toEqual(empty);
        expect(await performHere({ folder, call: "create" })).toEqual(["active"]);
      }),
  );
});

describe("a process that is killed while it pulls a tenant", () => {
  it.each(commitOf("pull"))(
    "F067: %s leaves it in the pool or pulled, and never in between",
    { timeout: 60_000 },
    (at) =>
      withFolder(async (folder) => {
        await performHere({ folder, call: "fill" });
        const killed = await runProcess({ folder, call: "pull", at });

        const report = await repairSite(folder);

        expect(killed.signal).toBe("SIGKILL");
        expect(report).toEqual(nothing);
        const isKept = at.startsWith("after");
        const expected = isKept
          ? { slug: "acme", status: "active" }
          : { slug: expect.stringMatching(/^pending-/), status: "pending" };
        expectOneTenant(await inspectSite(folder), "ready", expected);
        const pulled = await performHere({ folder, call: "pull" });
        expect(pulled).toEqual([isKept ? "EMPTY" : "active"]);
      }),
  );
});

describe("a process that is killed while it repairs", () => {
  it.concurrent.for(
    sampled(
      [...commitOf("take-over"), ...boundaries, "after drop", ...commitOf("forget-garbage")],
      2,
      3,
    ),
  )("F051: %s leaves what the next repair makes one active tenant of", { timeout: 60_000 }, (at) =>
    withFolder(async (folder) => {
      const first = await runProcess({ folder, call: "create", at: "after migrate" });
      await setTimeout(shortLease + 50);
      const second = await runProcess({ folder, call: "repair", at });

      const report = await repairSite(folder);

      expect([first, second]).toMatchObject([{ signal: "SIGKILL" }, { signal: "SIGKILL" }]);
      expect(report.failed).toEqual([]);
      expectOneTenant(await inspectSite(folder));
      expect(await repairSite(folder)).toEqual(nothing);
    }),
  );
});

describe("a process that is killed while it runs a registered operation", () => {
  it.concurrent.for(
    sampled(["in step one", "in step two", ...commitOf("one"), ...commitOf("two")], 3, 2),
  )("F051: %s leaves what a process that knows the operation finishes", { timeout: 60_000 }, (at) =>
    withFolder(async (folder) => {
      const created = await performHere({ folder, call: "create" });
      const killed = await runProcess({ folder, call: "run", at });
      await setTimeout(shortLease + 50);

      const report = await performHere({ folder, call: "repair" });

      expect(created).toEqual(["active"]);
      expect(killed).toEqual({ signal: "SIGKILL", result: undefined, errors: "" });
      const operation = { kind: "two-steps", state: "done", done: ["one", "two"] };
      const finished = at === "after commit two" ? [] : [operation];
      expect(report).toMatchObject({ finished, failed: [], swept: [] });
      expectOneTenant(await inspectSite(folder));
    }),
  );
});

describe("a process that is killed while it purges a tenant", () => {
  it("F051: inside the commit of the intent leaves the tenant as it was", { timeout: 60_000 }, () =>
    withFolder(async (folder) => {
      await performHere({ folder, call: "create" });
      const at = "inside commit purge-intent";
      const killed = await runProcess({ folder, call: "purge", at });

      const report = await repairSite(folder);

      expect(killed.signal).toBe("SIGKILL");
      expect(report).toEqual(nothing);
      expectOneTenant(await inspectSite(folder));
    }),
  );
});
