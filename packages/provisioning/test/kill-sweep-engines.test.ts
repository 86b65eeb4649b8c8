import { testScale } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { type Engine, siteOf, withSite } from "./crash/engine.ts";
import { inspectSite } from "./crash/inspect-site.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { repairSite } from "./crash/repair-site.ts";
import { runProcess } from "./crash/run-process.ts";
import { sampled } from "./crash/sampled.ts";
import { sweptOperations } from "./crash/swept-operations.ts";
import { whyNot } from "./crash/why-not.ts";

/** The other strategies are for the long run. */
const engines: readonly Engine[] = [
  ...(["sqlite", "postgresql", "mariadb"] as const),
  ...(testScale() < 1 ? [] : (["postgresql-schema", "postgresql-row", "mariadb-row"] as const)),
];
const nothing = { finished: [], failed: [], swept: [] };
const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

describe.each(engines)("on %s", (engine) => {
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  for (const { call, points, last, prepare, expectSite, goOn } of operationsOn(engine)) {
    it.skipIf(why).concurrent.for(sampleOf(engine, points))(
      `F051 G4: ${call}, killed %s, is finished by repair, with no other trace${title}`,
      { timeout: 120_000 },
      (at) =>
        withSite(engine, async (folder) => {
          await prepare(folder);
          const killed = await runProcess({ folder, call, at });

          const report = await repairSite(folder);

          expect(killed).toEqual({ signal: "SIGKILL", result: undefined, errors: "" });
          expect(report.finished).toHaveLength(at === `after commit ${last}` ? 0 : 1);
          const isKept = call === "adopt" || call === "purge";
          expect([report.failed, isKept ? report.swept : []]).toEqual([[], []]);
          expectSite(await inspectSite(folder));
          expect(await repairSite(folder)).toEqual(nothing);
          await goOn(folder);
        }),
    );
  }
});

function operationsOn(engine: Engine) {
  const site = siteOf({ engine, folder: "", tag: "" });
  return sweptOperations.filter(({ isOn }) => isOn(site, engine));
}

/** Others on each engine. */
function sampleOf(engine: Engine, all: readonly string[]): readonly string[] {
  return sampled(all, 2 * engines.indexOf(engine));
}
