import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { addMigration, ask, failing, fileOf, migratedFiles, second } from "./support/migrated.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

/** Milliseconds for a dozen commands where the machine is busy. */
const patient = 180_000;

describe("migrate", () => {
  it(
    "S033 C117 C121: tells SQL beforehand, migrates those that are named and not skipped, takes back likewise, and leaves central tables alone",
    async () => {
      const folder = await fleet("acme", "globex", "initech");
      await runHere(["tenant", "pending", "fill", "1"], folder);
      addMigration(folder, "Migration02_done", second);
      const tell = (argv: string) => jsonHere(argv.split(" "), folder);
      const central = tablesOf(join(folder, "data/registry.sqlite"));
      const alter = "alter table note add column done integer not null default 0";

      const rehearsed = await tell("migrate up --dry-run");
      const behind = await tell("migrate status");
      const both = await tell("migrate up --tenants acme,globex --skip-tenants globex");
      const others = await tell("migrate up --skip-tenants initech,acme");
      const nobody = await tell("migrate up --tenants acme --skip-tenants acme");
      const away = [
        await tell("migrate up --tenants acme --canary globex"),
        await tell("migrate up --skip-tenants globex --canary globex"),
        await tell("seed run --tenants acme --skip-tenants acme"),
      ];
      const mistyped = await tell("migrate up --skip-tenants acne");
      const back = await tell("migrate down --tenants globex --yes");
      const unasked = await tell("migrate down --tenants acme");
      const looked = await tell("migrate status --tenants acme,globex --plans 9");
      const rest = await tell("migrate up --with-pending --processes 3");
      ask(
        join(folder, "data/registry.sqlite"),
        "update tenants set status = 'failed' where slug = 'globex' returning id",
      );
      const unplanned = await tell("migrate down --yes");
      const { stdout: seen } = await runHere(["migrate", "down", "--dry-run", "-q"], folder);
      const more = await tell(`migrate down --yes --steps 2 --plan ${seen.trim()}`);
      const planned = await tell(`migrate down --yes --plan ${seen.trim()}`);
      const replayed = await tell(`migrate down --yes --plan ${seen.trim()}`);

      expect(outputs.migration.parse(rehearsed)).toMatchObject({
        ...{ dryRun: true, plan: null, verdict: "waiting", tenants: [] },
        sql: [{ migrations: ["Migration02_done"], statements: [alter], error: null }],
      });
      expect(outputs.schemas.parse(behind)).toMatchObject({ upToDate: 0, behind: 3, plans: [] });
      expect(outputs.migration.parse(both)).toMatchObject({
        ...{ verdict: "done", direction: "up", counts: { done: 1, waiting: 0 } },
        migrations: [{ name: "Migration02_done", done: 1, failed: 0 }],
        tenants: [
          {
            ...{ tenant: "acme", state: "done", error: null },
            ...{ before: expect.stringMatching(/^1-/), after: expect.stringMatching(/^2-/) },
            migrations: [{ name: "Migration02_done", milliseconds: expect.any(Number) }],
          },
        ],
        cost: { residentBytes: expect.any(Number) },
      });
      expect(others).toMatchObject({ tenants: [{ tenant: "globex", state: "done" }] });
      for (const refused of [nobody, ...away]) {
        expect(refused).toMatchObject({ code: 2, error: { error: { code: "USAGE" } } });
      }
      expect([mistyped, unasked]).toMatchObject([{ code: 2 }, { code: 2 }]);
      expect(outputs.migration.parse(back)).toMatchObject({
        ...{ direction: "down", verdict: "done" },
        tenants: [{ tenant: "globex", state: "done" }],
      });
      expect(outputs.schemas.parse(looked)).toMatchObject({
        plans: [{ direction: "down", verdict: "done" }, {}, {}],
        tenants: [
          { tenant: "acme", pending: [], dirty: null },
          { tenant: "globex", applied: [{}], pending: ["Migration02_done"] },
        ],
      });
      expect(rest).toMatchObject({ verdict: "done", counts: { done: 3, upToDate: 1 } });
      expect(unplanned).toMatchObject({ code: 2, error: { error: { code: "USAGE" } } });
      expect(planned).toMatchObject({
        ...{ direction: "down", counts: { done: 2 } },
        tenants: [{ tenant: "acme" }, { tenant: "initech" }],
      });
      for (const refused of [more, replayed]) {
        expect(refused).toMatchObject({ code: 2, error: { error: { code: "PLAN_CHANGED" } } });
      }
      expect(tablesOf(join(folder, "data/registry.sqlite"))).toEqual(central);
    },
    patient,
  );

  it(
    "C118: a missing database stops the run; with --skip-failing all others are migrated, and resume mends the rest",
    async () => {
      const folder = await fleet("acme", "globex", "initech");
      addMigration(folder, "Migration02_done", second);
      const lost = await fileOf(folder, "acme");
      const kept = readFileSync(lost);
      rmSync(lost);
      const tell = (argv: string) => jsonHere(argv.split(" "), folder);

      const rehearsed = await runHere(["migrate", "up", "--dry-run", "--force"], folder);
      const stopped = await runHere(["migrate", "up", "--json"], folder);
      const skipped = await runHere(["migrate", "up", "--skip-failing"], folder);
      const looked = await runHere(["migrate", "status", "--look", "--json"], folder);
      const unreleased = await tell("migrate resume --dry-run");
      const released = await tell("migrate resume --release --dry-run");
      const foretold = await runHere(["migrate", "resume", "--release", "--dry-run"], folder);
      const turns = await runHere(["migrate", "resume", "--release", "-n", "-q"], folder);
      writeFileSync(lost, kept);
      const resumed = await runHere(["migrate", "resume", "--release", "--json"], folder);
      const over = await runHere(["migrate", "resume"], folder);
      const { plan: older } = JSON.parse(stopped.stdout) as { readonly plan: string };
      const { stdout: said } = await runHere(["migrate", "resume", older, "--release"], folder);
      await runHere(["migrate", "plan", "--force"], folder);
      const registry = join(folder, "data/registry.sqlite");
      const back = "update migration_plans set direction = 'down' where id =";
      ask(registry, `${back} (select max(id) from migration_plans) returning id`);
      const newest = await tell("migrate resume --dry-run");
      await runHere(["migrate", "up", "--force"], folder);
      const passed = await tell("migrate resume");
      const unknown = await tell("migrate resume nowhere");

      expect(rehearsed.code).toBe(3);
      expect(rehearsed.stdout).toContain("alter table note add column done");
      expect(stopped.code).toBe(1);
      expect(JSON.parse(stopped.stdout)).toMatchObject({
        ...{ verdict: "failed", counts: { quarantined: 1, waiting: 2, done: 0 }, stoppedAfter: 0 },
        tenants: [
          { tenant: "acme", state: "quarantined", error: { code: "DATABASE_NOT_READY" } },
          { tenant: "globex", state: "waiting" },
          { tenant: "initech", state: "waiting" },
        ],
      });
      expect(skipped.code).toBe(3);
      expect(skipped.stdout).toContain("Done: 2, failed: 1, not begun: 0");
      expect(skipped.stdout).toMatch(/migrate resume \S+ --release/);
      expect(looked.code).toBe(3);
      expect(outputs.migration.parse(unreleased)).toMatchObject({
        ...{ dryRun: true, counts: { done: 2, quarantined: 1 } },
      });
      expect([resumed.code, JSON.parse(resumed.stdout).counts]).toMatchObject([0, { done: 3 }]);
      expect(outputs.migration.parse(released)).toMatchObject({
        ...{ dryRun: true, verdict: "waiting", counts: { done: 2, waiting: 1, quarantined: 0 } },
        tenants: [{ tenant: "acme", state: "waiting" }, { state: "done" }, { state: "done" }],
      });
      expect(foretold.stdout).toContain("acme\twaiting");
      expect(foretold.stdout).toMatch(/\nNothing was changed\.\n$/);
      expect([foretold.stdout, turns.stdout]).toEqual([
        expect.not.stringContaining("Mend"),
        "acme\n",
      ]);
      expect(said).toContain(`Plan ${older}: up`);
      expect(over).toMatchObject({ code: 0, stdout: "There is nothing to resume.\n" });
      expect(newest).toMatchObject({ direction: "down", counts: { waiting: 3 } });
      expect(outputs.migration.parse(passed)).toMatchObject({ plan: null, verdict: "done" });
      expect(unknown).toMatchObject({ code: 2 });
      expect(ask(lost, "select done from note")).toEqual([]);
    },
    patient,
  );

  it(
    "S033: a migration that fails is told with its statement, and nothing of what stood in rows; canaries come first and alone",
    async () => {
      const folder = await fleet("acme", "globex");
      addMigration(folder, "Migration02_done", second);
      addMigration(folder, "Migration03_empty", failing);
      ask(await fileOf(folder, "globex"), "insert into note values (1, 'CANARY') returning id");

      const failed = await runHere(["migrate", "up", "--canary", "globex"], folder);
      const plan = await runHere(["migrate", "plan", "--tenants", "acme", "-q"], folder);
      const planned = await runHere(["migrate", "resume", plan.stdout.trim(), "--json"], folder);
      const wrong = ["migrate", "resolve", "globex", "Migration03_empty", "--as", "applied"];

      expect(failed.code).toBe(1);
      expect(failed.stdout).toContain("globex\tquarantined");
      expect(failed.stdout).toContain("acme\twaiting");
      expect(failed.stdout).toContain("globex  MIGRATION_FAILED: ");
      expect(failed.stdout.match(/MIGRATION_FAILED/g)).toHaveLength(1);
      expect(failed.stdout).toContain("Migration03_empty: insert into note");
      expect(failed.stdout).toContain("Stopped after wave 1");
      expect(failed.stdout).not.toContain("CANARY");
      expect(planned.code).toBe(0);
      expect(JSON.parse(planned.stdout)).toMatchObject({
        migrations: [{ name: "Migration02_done" }, { name: "Migration03_empty" }],
        tenants: [{ tenant: "acme", state: "done" }],
      });
      expect((await runHere(wrong, folder)).code).toBe(2);
    },
    patient,
  );

  it("C121 C123: fresh wipes rows only where somebody agreed to exactly these tenants as they are", async () => {
    const folder = await fleet("acme", "globex");
    const files = [await fileOf(folder, "acme"), await fileOf(folder, "globex")];
    for (const file of files) ask(file, "insert into note values (1, 'kept') returning id");
    const rows = () => files.map((file) => ask(file, "select id from note").length);
    const both = ["--tenants", "acme,globex", "--skip-tenants", "globex"];
    const fresh = (...argv: readonly string[]) =>
      runHere([...["migrate", "fresh", ...both], ...argv], folder);

    const unasked = await fresh();
    const unplanned = await fresh("--yes");
    const { stdout: old } = await fresh("--dry-run", "--quiet");
    await runHere(["tenant", "update", "acme", "--plan", "gold"], folder);
    const outdated = await fresh("--yes", "--plan", old.trim());
    const nobodyTouched = rows();
    const { stdout: plan } = await fresh("--dry-run", "--quiet");
    addMigration(folder, "Migration02_done", second);
    const remade = await fresh("--yes", "--plan", plan.trim());
    rmSync(join(folder, "migrations/Migration02_done.ts"));
    const { stdout: down } = await runHere(
      ["migrate", "down", ...both, "--dry-run", "--quiet"],
      folder,
    );
    const another = await fresh("--yes", "--plan", down.trim());
    const nothingWiped = rows();
    const done = await fresh("--yes", "--plan", plan.trim(), "--quiet");
    for (const file of files) ask(file, "insert into note values (2, 'new') returning id");
    const replayed = await fresh("--yes", "--plan", plan.trim());

    expect([unasked.code, unplanned.code, outdated.code]).toEqual([2, 2, 2]);
    expect(outdated.stderr).toContain("PLAN_CHANGED");
    expect(nobodyTouched).toEqual([1, 1]);
    expect(done).toMatchObject({ code: 0, stdout: "acme\n", stderr: "" });
    for (const { code, stderr } of [remade, another, replayed]) {
      expect([code, stderr]).toEqual([2, expect.stringContaining("PLAN_CHANGED")]);
    }
    expect(unplanned.stderr).not.toContain(old.trim());
    expect(nothingWiped).toEqual([1, 1]);
    expect(rows()).toEqual([1, 2]);
  });

  it("S033: a plan whose tenants a newer one took over is gone on with by its name alone", async () => {
    const folder = await fleet("acme", "globex");
    addMigration(folder, "Migration02_done", second);
    const lost = await fileOf(folder, "acme");
    const kept = readFileSync(lost);
    rmSync(lost);
    const run = (argv: string) => runHere(["migrate", ...argv.split(" "), "--json"], folder);
    const planOf = ({ stdout }: { readonly stdout: string }): string => JSON.parse(stdout).plan;
    const first = await run("up --skip-failing --tenants acme");
    const newer = await run("up --skip-failing");
    writeFileSync(lost, kept);

    const latest = await run("resume --dry-run");
    const released = await run("resume --release");
    const nothing = await run("resume");
    const status = await run("status");
    const named = await run(`resume ${planOf(first)} --dry-run`);
    addMigration(folder, "Migration03_empty", failing);
    ask(lost, "insert into note values (1, 'a', 0) returning id");
    await run("up --skip-failing");
    const behind = await run("resume --dry-run");
    await runHere(
      "tenant purge acme --skip-grace --yes --plan".split(" ").concat(await purging()),
      folder,
    );
    const gone = await run("resume");

    async function purging(): Promise<string> {
      const argv = ["tenant", "purge", "acme", "--skip-grace", "--dry-run", "--quiet"];
      return (await runHere(argv, folder)).stdout.trim();
    }
    expect([first.code, newer.code]).toEqual([1, 3]);
    expect(planOf(latest)).toBe(planOf(newer));
    expect(released.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ behind: 0 });
    expect([nothing.code, planOf(nothing)]).toEqual([0, null]);
    expect(planOf(named)).toBe(planOf(first));
    expect(JSON.parse(behind.stdout)).toMatchObject({
      tenants: [{ tenant: "acme", state: "quarantined" }, {}],
    });
    expect([gone.code, planOf(gone)]).toEqual([0, null]);
  });

  it("C121: a fresh start that failed is gone on with while it is the latest plan, and later only by its name", async () => {
    const folder = await fleet("acme", "globex");
    const fresh = ["migrate", "fresh", "--tenants", "acme"];
    const { stdout: plan } = await runHere([...fresh, "--dry-run", "--quiet"], folder);
    rmSync(await fileOf(folder, "acme"));
    const failed = await jsonHere([...fresh, "--yes", "--plan", plan.trim()], folder);
    const resume = (...argv: string[]) =>
      jsonHere(["migrate", "resume", "--dry-run", ...argv], folder);

    const latest = await resume();
    await runHere(["migrate", "up", "--tenants", "globex", "--force"], folder);
    const passed = await resume();
    const named = await resume((failed as { readonly plan: string }).plan);

    expect(failed).toMatchObject({ direction: "fresh", verdict: "failed" });
    expect(latest).toMatchObject({ direction: "fresh" });
    expect(passed).toMatchObject({ plan: null, verdict: "done" });
    expect(named).toMatchObject({ direction: "fresh", verdict: "failed" });
  });

  it("S033: create writes a migration beside the others, also the first one, and never over another", async () => {
    const folder = await applicationHere(migratedFiles());
    const migrations = join(folder, "migrations");
    const create = (...argv: readonly string[]) => runHere(["migrate", "create", ...argv], folder);

    const rehearsed = await create("add_tags", "--dry-run", "--json");
    const unwritten = readdirSync(migrations);
    const written = await create("add_tags", "--quiet");
    const again = await create("add_tags");
    const bad = await create("../up");
    await runHere(["tenant", "create", "acme"], folder);
    rmSync(migrations, { recursive: true });
    const begun = await create("notes", "--json");

    expect(outputs.file.parse(JSON.parse(rehearsed.stdout))).toMatchObject({ dryRun: true });
    expect(unwritten).toEqual(["Migration01_notes.ts"]);
    expect(written.stdout).toMatch(/migrations\/Migration\d{14}_add_tags\.ts\n$/);
    expect([again.code, bad.code]).toEqual([2, 2]);
    expect(existsSync(JSON.parse(begun.stdout).path)).toBe(true);
    const looked = await jsonHere(["migrate", "status", "--tenants", "acme"], folder);
    expect(looked).toMatchObject({ tenants: [{ tenant: "acme", pending: [expect.any(String)] }] });
  });
});

async function fleet(...slugs: readonly string[]): Promise<string> {
  const folder = await applicationHere(migratedFiles());
  for (const slug of slugs) await runHere(["tenant", "create", slug], folder);
  return folder;
}

function tablesOf(path: string): readonly unknown[] {
  return ask(path, "select name, sql from sqlite_master order by name");
}
