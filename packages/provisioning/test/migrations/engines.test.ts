import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isTenancyError } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Engine, engines, startEngine, whatIsMissing } from "./engines.ts";
import { slugs } from "./start-fleet.ts";

const script = fileURLToPath(new URL("./run-plan-process.ts", import.meta.url));
const sizes: Readonly<Record<Engine, number>> = {
  "SQLite files": Math.max(10, Math.round(1_000 * testScale() ** 1.5)),
  "PostgreSQL schemas": Math.max(6, Math.round(100 * testScale() ** 1.5)),
  "MariaDB databases": Math.max(6, Math.round(50 * testScale() ** 1.5)),
};

for (const engine of engines) {
  const missing = whatIsMissing(engine);
  describe(`a fleet of ${engine} ${missing}`, () => {
    it.skipIf(missing !== "")(
      "X12, F069: is migrated, the tenant with a bad row kept apart, and resumed to its end",
      async () => {
        const { folder, ids } = await oldFleet(engine, sizes[engine]);
        const { tenancy, databases, fleet } = await start(engine, folder, 4);
        const bad = ids[3] ?? "";
        const note = (tenant: string, sql: string) =>
          tenancy.run(tenant, () => databases.em().execute(sql));
        // The same keys in each of them, one after the other.
        for (const key of [1, 2]) {
          for (const id of ids.slice(0, 5)) {
            const text = id === bad ? "twice" : `${key}`;
            await note(id, `insert into note (id, text) values (${key}, '${text}')`);
          }
        }

        const before = await fleet.summary();
        const preview = await fleet.preview({ tenants: slugs("t1", "t2") });
        const { id } = await fleet.begin({ canary: slugs("t0"), lockMs: 2_000 });
        const report = await fleet.run(id, { concurrency: 3 });

        expect(before).toMatchObject({ behind: ids.length, upToDate: 0 });
        expect(preview).toMatchObject([
          {
            migrations: ["0002-unique", "0003-log", "0004-tags"],
            tenants: [ids[1], ids[2]].sort(),
          },
        ]);
        expect(preview[0]?.sql).toContain("insert into log (what) values ('0003')");
        expect(report).toMatchObject({
          verdict: "failed",
          counts: { done: ids.length - 1, quarantined: 1 },
        });
        expect(report.left[0]).toMatchObject({
          tenantId: bad,
          result: { failure: { code: "MIGRATION_FAILED", migration: "0002-unique" } },
        });
        expect(report.left[0]?.result?.failure?.sql).toContain("create unique index");

        await note(bad, "update note set text = 'once' where id = 2");
        const { dirty } = await fleet.status(bad);
        if (dirty !== undefined) await fleet.resolve(bad, dirty, "reverted");
        await fleet.release(id, [{ by: "id", value: bad }]);
        const again = await fleet.run(id);

        expect(again.verdict).toBe("done");
        expect(await fleet.summary()).toMatchObject({ behind: 0, upToDate: ids.length });
        for (const one of ids.slice(0, 5)) {
          const texts = (await note(one, "select text from note order by id")) as {
            text: string;
          }[];
          const own = one === bad ? ["twice", "once"] : ["1", "2"];
          expect(texts.map(({ text }) => text)).toEqual(own);
        }
      },
    );

    it.skipIf(missing !== "")(
      "F070, F071: has each migration once in each tenant, however often its runner is killed",
      async () => {
        const { folder, ids } = await oldFleet(engine, 6);
        const { tenancy, databases, fleet } = await start(engine, folder, 4);
        const { id } = await fleet.begin();

        const isShort = testScale() < 1 && engine !== "SQLite files";
        if (!isShort) await runAndKill(engine, folder, id, ["after", "2"]);
        await runAndKill(engine, folder, id, ["within", "3"]);
        const waiting = (await fleet.report(id)).counts.waiting;
        const report = await patiently(() => fleet.run(id));
        for (const { tenantId, result } of report.left) {
          expect(result?.failure?.code).toBe("MIGRATION_DIRTY");
          const { dirty = "" } = await fleet.status(tenantId);
          const sql = `select count(*) as found from log where what = '${dirty.slice(0, 4)}'`;
          const [row] = await tenancy.run(tenantId, () => databases.em().execute(sql));
          const outcome = Number(row?.found) > 0 ? "applied" : "reverted";
          await fleet.resolve(tenantId, dirty, dirty === "0002-unique" ? "applied" : outcome);
        }
        await fleet.release(id);
        const last = await fleet.run(id);

        expect(waiting).toBeGreaterThan(0);
        expect(last).toMatchObject({ verdict: "done", counts: { done: ids.length } });
        for (const one of ids) {
          const log = (await tenancy.run(one, () =>
            databases.em().execute("select what from log order by what"),
          )) as { what: string }[];
          expect(log.map(({ what }) => what)).toEqual(["0003", "0004"]);
        }
      },
    );
  });
}

/** Makes tenants with an application that has the first migration only. */
async function oldFleet(engine: Engine, size: number) {
  const folder = await mkdtemp(join(tmpdir(), "af-fleet-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { tenancy } = await start(engine, folder, 1);
  const ids: string[] = [];
  for (let number = 0; number < size; number += 1) {
    ids.push((await tenancy.tenants.create({ slug: `t${number}` })).id);
  }
  return { folder, ids };
}

async function start(engine: Engine, folder: string, count: number) {
  const started = await startEngine(engine, folder, count);
  const { tenancy, registry, databases } = started;
  onTestFinished(async () => {
    for await (const { id: tenantId, placement } of registry.store.list()) {
      if (placement === undefined) continue;
      await databases.manager(placement).drop({ tenantId, placement });
    }
    await tenancy.close();
  }, 60_000);
  return started;
}

/** Runs a plan in a process of its own, which kills itself, once the lease of the one before is over. */
async function runAndKill(engine: Engine, folder: string, planId: string, when: string[]) {
  for (;;) {
    const args = ["--no-warnings", script, engine, folder, planId, ...when];
    const child = execFile(process.execPath, args, { timeout: 60_000, killSignal: "SIGTERM" });
    let errors = "";
    child.stderr?.on("data", (text: string) => {
      errors += text;
    });
    const [, signal] = (await once(child, "close")) as [unknown, string | null];
    if (errors.includes("MIGRATION_PLAN_HELD")) continue;
    expect({ signal, errors }).toEqual({ signal: "SIGKILL", errors: "" });
    return;
  }
}

/** Waits until the lease of the one that was killed is over. */
async function patiently<R>(work: () => Promise<R>): Promise<R> {
  for (let left = 100; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      const isHeld = isTenancyError(error) && error.code === "MIGRATION_PLAN_HELD";
      if (!isHeld || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
