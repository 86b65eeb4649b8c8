import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { makeApplication } from "./support/application.ts";
import { addMigration, ask, migratedFiles } from "./support/migrated.ts";
import { runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess, startProcess } from "./support/run-process.ts";

/** How many tenants are migrated. */
const size = Math.ceil(200 * Number(process.env.AF_TEST_SCALE ?? 0.1));

/** Milliseconds for making them, and for half a dozen processes, where the machine is busy. */
const patient = 300_000;

it(
  "F140: Ctrl-C and SIGKILL during migrate up: a second command exits with 4, and resume finishes with nothing lost",
  async () => {
    const folder = await makeApplication(migratedFiles("leaseMs: 1_000"));
    await runHere(["tenant", "test", "create", String(size), "--processes", "4"], folder);
    addMigration(folder, "Migration02_slow", slow);
    const turns = () => logged(folder).length;
    const start = async (command: string, pauseAt: number) => {
      // Longer in all than a command that was stopped lets what it began go on.
      const environment = { PAUSE_AT: String(pauseAt), LINGER: "100" };
      writeFileSync(join(folder, "paused"), "");
      const running = await startProcess(["migrate", command, "--json"], { folder, environment });
      await vi.waitFor(() => expect(turns()).toBe(pauseAt), waiting);
      return running;
    };

    const first = await start("up", 3);
    const second = await runProcess(["migrate", "up", "--json"], { folder });
    first.child.kill("SIGINT");
    rmSync(join(folder, "paused"));
    const interrupted = await first.ended;
    const { stdout: kept } = await runHere(["migrate", "resume", "--dry-run", "--json"], folder);
    const killed = await start("resume", turns() + 2);
    killed.child.kill("SIGKILL");
    await killed.ended;
    const early = await runHere(["migrate", "resume"], folder);
    const held = passTime(folder, 14_500);
    let late = early;
    for (let round = 0; late.code === 4 && round < 100; round += 1) {
      await sleep(200);
      late = await runHere(["migrate", "resume", "--json"], folder);
    }

    expect([second.code, second.stdout]).toEqual([4, ""]);
    expect(second.stderr).toContain("MIGRATING_ALREADY");
    expect([interrupted.code, interrupted.stdout]).toEqual([130, ""]);
    expect(interrupted.stderr).toMatch(/INTERRUPTED.*`af-tenancy migrate resume`/);
    expect(JSON.parse(kept)).toMatchObject({ verdict: "waiting", counts: { failed: 0 } });
    expect(JSON.parse(kept).counts.done).toBeGreaterThan(0);
    expect(early.code).toBe(4);
    expect(held).toMatchObject([{ name: "cli:migrate" }]);
    expect(Number(held[0]?.left)).toBeLessThanOrEqual(500);
    expect(late.code).toBe(0);
    expect(JSON.parse(late.stdout)).toMatchObject({
      counts: { done: size, waiting: 0, failed: 0 },
    });
    expect(new Set(logged(folder)).size).toBe(size);
    // At most the one that the kill cut off was begun twice.
    expect(turns()).toBeLessThanOrEqual(size + 1);
    const { stdout } = await runHere(["migrate", "status", "--look", "--json"], folder);
    const { tenants } = JSON.parse(stdout);
    expect(tenants).toHaveLength(size);
    expect(tenants.filter((one: Looked) => one.applied.length !== 2)).toEqual([]);
  },
  patient,
);

it("S033 C123: on a terminal progress is live, times and versions stand in a table, and fresh wants its tenant typed", async () => {
  const folder = await makeApplication(migratedFiles());
  await runHere(["tenant", "create", "acme"], folder);
  addMigration(folder, "Migration02_slow", slow);

  const environment = { LINGER: "1500" };
  const up = await runInTerminal(["migrate", "up"], { folder, environment });
  const mistyped = await runInTerminal(["migrate", "fresh"], { folder }, [[/Type acme/, "acne\r"]]);
  const fresh = await runInTerminal(["migrate", "fresh"], { folder }, [[/Type acme/, "acme\r"]]);

  expect(up.code).toBe(0);
  expect(up.screen).toContain("working 0/1");
  expect(up.screen).toMatch(/│ Migration02_slow +│ 1 /);
  expect(up.screen).toMatch(/│ acme +│ done +│ 1-\w+ +│ 2-\w+ +│/);
  expect(up.screen).toContain("\u001b[32mDone: 1, failed: 0, not begun: 0");
  expect(up.screen).toMatch(/\d+ ms, \d+ MB/);
  expect(mistyped.code).toBe(2);
  expect(fresh.code).toBe(0);
  expect(fresh.screen).toMatch(/│ Migration01_notes +│ 1 /);
});

it("C121: whoever is worked on has a row on the terminal, with stdout in a file as well", async () => {
  const folder = await makeApplication(migratedFiles());
  for (const slug of ["acme", "globex"]) await runHere(["tenant", "create", slug], folder);
  const printing = slow.replace(
    'await this.execute("alter',
    'console.warn("printed meanwhile");\n    $&',
  );
  addMigration(folder, "Migration02_slow", printing);
  const environment = { LINGER: "2500" };
  const argv = ["migrate", "up", "--processes", "2"];

  const shown = await runInTerminal(argv, { folder, environment, output: join(folder, "out") });

  expect(shown.code).toBe(0);
  expect(shown.screen).toMatch(/\S working 0\/2\r?\n\S+ acme\r?\n\S+ globex/);
  expect(shown.screen).toMatch(/\[0Jprinted meanwhile\r\n\S working 0\/2\r\n/);
  expect(shown.screen.lastIndexOf(showCursor)).toBeGreaterThan(
    shown.screen.lastIndexOf(hideCursor),
  );
  expect(readFileSync(join(folder, "out"), "utf8")).toContain("Done: 2, failed: 0");
});

const showCursor = "\u001b[?25h";
const hideCursor = "\u001b[?25l";

interface Looked {
  readonly applied: readonly unknown[];
}

/** Which tenants' files the slow migration was run in. */
function logged(folder: string): readonly string[] {
  const path = join(folder, "log");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** Lets the turn of a command that died be over so much sooner; gives how long it lasts then. */
function passTime(folder: string, milliseconds: number) {
  const left = `held_until - ${Date.now()}`;
  return ask(
    join(folder, "data/registry.sqlite"),
    `update leases set held_until = held_until - ${milliseconds} where name = 'cli:migrate' returning name, ${left} as left`,
  );
}

const waiting = { timeout: 60_000, interval: 20 };

/** Each turn is written down, and one of them waits until a file is gone. */
const slow = `
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Migration } from "@mikro-orm/migrations";
const folder = import.meta.dirname + "/../";
export class Migration02_slow extends Migration {
  override async up(): Promise<void> {
    const [{ file }] = await this.execute("select file from pragma_database_list where name = 'main'");
    const turns = existsSync(folder + "log") ? readFileSync(folder + "log", "utf8").split("\\n").length - 1 : 0;
    while (turns === Number(process.env.PAUSE_AT) && existsSync(folder + "paused")) await setTimeout(20);
    await setTimeout(Number(process.env.LINGER ?? 20));
    await this.execute("alter table note add column slow integer not null default 0");
    appendFileSync(folder + "log", file + "\\n");
  }
}
`;
