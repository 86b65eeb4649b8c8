import { createTenancy } from "@af-tenancy/core";
import { rowSeeder } from "@af-tenancy/database";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function startSeeded() {
  const folder = await temporaryFolder();
  // #region compose
  const db = sqlite({
    folder: `${folder}/tenants`,
    entities: [Note],
    seeders: {
      async welcome({ em, tenant }) {
        await em.insertMany(Note, [{ id: 1, text: `Welcome, ${tenant.slug}!` }]);
      },
      demo: rowSeeder(Note, function* () {
        for (let id = 2; id <= 2_001; id += 1) yield { id, text: `Note ${id}` };
      }),
    },
  });
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({
    registry,
    databases: db,
    provisioning: provisioning({ creation: { seeders: ["welcome"] } }), // each new tenant has it
  });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  return { db, tenancy, acme };
}

it("S032, S034: seeds a tenant when it is made, and by name, each seeder once", async () => {
  const { db, tenancy, acme } = await startSeeded();
  const lines: string[] = [];
  const console = { log: (line: string) => lines.push(line) };

  // #region one
  const { seeders } = await db.seed(acme, { seeders: ["welcome", "demo"] });
  for (const { name, ran, rows, milliseconds, peakRss } of seeders) {
    console.log(`${name}: ${ran ? rows : "had it"}, ${milliseconds} ms, ${peakRss} bytes`);
  }
  const status = await db.seeding?.status(acme); // when each had run, and how many rows it inserted
  // #endregion

  expect(lines[0]).toMatch(/^welcome: had it, [\d.]+ ms, \d+ bytes$/);
  expect(lines[1]).toMatch(/^demo: 2000, /);
  expect(status).toMatchObject([{ rows: 1 }, { name: "demo", rows: 2_000 }]);
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2_001);
});

it("S034: seeds the fleet", async () => {
  const { tenancy } = await startSeeded();
  await tenancy.tenants.create({ slug: "globex" });

  // #region fleet
  const report = await tenancy.tenants.seeding.run({
    seeders: ["demo"],
    tenants: null, // all that are served or could be again; or [{ by: "slug", value: "acme" }]
    concurrency: 4,
    onFailure: "skip", // "stop", the default, begins no further tenant after the first failure
  });
  const exitCode = report.verdict === "done" ? 0 : 3;
  // #endregion

  expect(report.counts).toMatchObject({ done: 2, failed: 0, waiting: 0 });
  expect(exitCode).toBe(0);
});
