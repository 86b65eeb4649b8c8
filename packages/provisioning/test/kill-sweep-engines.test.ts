import { describe, expect, it } from "vitest";
import { boundaries, purgeBoundaries } from "./crash/boundaries.ts";
import { type Engine, withSite } from "./crash/engine.ts";
import { expectNoTenant, expectOneTenant } from "./crash/expect-site.ts";
import { inspectSite } from "./crash/inspect-site.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { repairSite } from "./crash/repair-site.ts";
import { runProcess } from "./crash/run-process.ts";
import { sampled } from "./crash/sampled.ts";

const engines: readonly Engine[] = [
  "sqlite",
  ...(["postgresql", "postgresql-schema", "postgresql-row"] as const),
  ...(["mariadb", "mariadb-row"] as const),
];
const nothing = { finished: [], failed: [], swept: [] };
const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

describe.each(engines)("on %s", (engine) => {
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  it.skipIf(why).concurrent.for(sampleOf(engine, ["after commit intent", ...boundaries]))(
    `F051 G4: a process that is killed %s of a creation leaves what repair makes one tenant of${title}`,
    { timeout: 120_000 },
    (at) =>
      withSite(engine, async (folder) => {
        const killed = await runProcess({ folder, call: "create", at });

        const report = await repairSite(folder);

        expect(killed).toEqual({ signal: "SIGKILL", result: undefined, errors: "" });
        expect(report.finished).toHaveLength(at === "after commit activate" ? 0 : 1);
        expect(report.failed).toEqual([]);
        expectOneTenant(await inspectSite(folder));
        expect(await repairSite(folder)).toEqual(nothing);
      }),
  );

  it.skipIf(why).concurrent.for(sampleOf(engine, purgeBoundaries))(
    `F051 G4: a process that is killed %s of a purge leaves what repair makes nothing of${title}`,
    { timeout: 120_000 },
    (at) =>
      withSite(engine, async (folder) => {
        await runProcess({ folder, call: "create" });
        const killed = await runProcess({ folder, call: "purge", at });

        const report = await repairSite(folder);

        expect(killed).toEqual({ signal: "SIGKILL", result: undefined, errors: "" });
        expect(report.finished).toHaveLength(at === "after commit forget" ? 0 : 1);
        expect([report.failed, report.swept]).toEqual([[], []]);
        expectNoTenant(await inspectSite(folder));
        expect(await repairSite(folder)).toEqual(nothing);
        expect(await runProcess({ folder, call: "create" })).toMatchObject({ result: ["active"] });
      }),
  );
});

/** Others on each engine, and more of those that cost least. */
function sampleOf(engine: Engine, all: readonly string[]): readonly string[] {
  return sampled(all, 2 * engines.indexOf(engine), engine === "sqlite" ? 3 : 1);
}

async function whyNot(ask: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
