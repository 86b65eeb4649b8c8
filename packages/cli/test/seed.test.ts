import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { ask, fileOf } from "./support/migrated.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal } from "./support/run-process.ts";

/** Milliseconds for a dozen commands where the machine is busy. */
const patient = 180_000;

it(
  "S034 C117 C118: seeders are told with rows, time and memory, once for each tenant that is named, and others go on past a missing database",
  async () => {
    const folder = await applicationHere(files);
    for (const slug of ["acme", "globex", "initech"])
      await runHere(["tenant", "create", slug], folder);
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);

    const listed = await tell("seed list");
    const rehearsed = await tell("seed run --tenants acme --dry-run");
    const unseeded = await tell("seed list --tenants acme");
    const named = await tell("seed run demo --tenants acme,globex --skip-tenants globex");
    const again = await tell("seed run demo welcome --tenants acme");
    const forced = await tell("seed run demo --again --tenants acme");
    const unknown = await tell("seed run demo nope --tenants acme");
    const rehearsedUnknown = await tell("seed run demo nope --tenants acme --dry-run");
    rmSync(await fileOf(folder, "globex"));
    const stopped = await runHere(["seed", "run", "--skip-tenants", "acme", "--json"], folder);
    const skipped = await runHere(["seed", "run", "welcome", "demo", "--skip-failing"], folder);
    const looked = await runHere(["seed", "list", "--look", "--json"], folder);

    expect(outputs.seeders.parse(listed)).toEqual({ seeders: ["welcome", "demo"], tenants: [] });
    expect(outputs.seeding.parse(rehearsed)).toMatchObject({
      ...{
        dryRun: true,
        seeders: [
          { name: "welcome", ran: 1 },
          { name: "demo", ran: 1 },
        ],
      },
      tenants: [{ tenant: "acme", state: "waiting" }],
    });
    expect(outputs.seeders.parse(unseeded)).toMatchObject({
      tenants: [{ tenant: "acme", seeders: [{ name: "welcome", at: null }, { at: null }] }],
    });
    expect(outputs.seeding.parse(named)).toMatchObject({
      ...{ verdict: "done", seeders: [{ name: "demo", ran: 1, had: 0, failed: 0, rows: 3 }] },
      tenants: [
        {
          ...{ tenant: "acme", state: "done" },
          seeders: [{ name: "demo", tables: { note: 3 }, peakRss: expect.any(Number) }],
        },
      ],
    });
    expect(again).toMatchObject({
      seeders: [
        { name: "welcome", ran: 1, rows: 1 },
        { name: "demo", ran: 0, had: 1, rows: 0 },
      ],
    });
    expect(forced).toMatchObject({
      ...{ verdict: "failed", seeders: [{ name: "demo", failed: 1 }] },
      tenants: [
        { error: { code: "SEEDER_FAILED", message: expect.not.stringContaining("SEEDER_FAILED") } },
      ],
    });
    expect([unknown, rehearsedUnknown]).toMatchObject([{ code: 2 }, { code: 2 }]);
    expect(stopped.code).toBe(1);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      verdict: "failed",
      tenants: [
        { tenant: "globex", state: "failed", error: { code: "DATABASE_NOT_READY" } },
        { tenant: "initech", state: "waiting" },
      ],
    });
    expect(skipped.code).toBe(3);
    expect(skipped.stdout).toContain("Seeder\tRan\tHad it\tFailed\tRows\tms together\tMB at most");
    expect(skipped.stdout).toMatch(/welcome\t1\t1\t0\t1\t\d+\t\d+/);
    expect(skipped.stdout).toContain("Done: 2, failed: 1, not begun: 0.");
    expect(looked.code).toBe(3);
    expect(ask(await fileOf(folder, "initech"), "select id from note")).toHaveLength(4);
  },
  patient,
);

it("S034: on a terminal seeders are chosen from a numbered list, and no others run", async () => {
  const folder = await makeApplication(files);
  await runHere(["tenant", "create", "acme"], folder);

  const { code, screen } = await runInTerminal(["seed", "run"], { folder }, [
    [/Which seeders/, "\u001b[B \r"],
  ]);

  expect(screen).toContain("1. welcome");
  expect(screen).toContain("2. demo");
  expect(screen).toMatch(/│ demo +│ 1 +│ 0 +│ 0 +│ 3 /);
  expect(code).toBe(0);
  expect(ask(await fileOf(folder, "acme"), "select id from note")).toHaveLength(3);
});

const seeders = `{
  welcome: async ({ em, tenant }) => void (await em.insertMany(Note, [{ id: 1, text: tenant.slug }])),
  demo: async ({ em }) => void (await em.insertMany(Note, [2, 3, 4].map((id) => ({ id, text: "" })))),
}`;

const files = {
  "tenancy.config.ts": config().replace(
    "entities: [Note]",
    `entities: [Note], seeders: ${seeders}`,
  ),
};
