import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { config } from "./support/application.ts";
import { addMigration, ask, failing, fileOf, migratedFiles, second } from "./support/migrated.ts";
import { settings, withServer } from "./support/postgresql.ts";
import { applicationHere, runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";

const patient = 120_000;

it(
  "S033: what a driver says of a migration that failed is told with its SQL by the process that ran it, and kept nowhere",
  async () => {
    const folder = await applicationHere(migratedFiles());
    await runHere(["tenant", "create", "acme"], folder);
    ask(await fileOf(folder, "acme"), "insert into note values (1, 'a row of acme')");
    addMigration(folder, "Migration02_done", second);
    addMigration(folder, "Migration03_empty", failing);

    const shown = await runHere(["migrate", "up"], folder);
    const json = await runProcess(["migrate", "resume", "--release", "--json"], { folder });

    expect([shown.code, json.code]).toEqual([1, 1]);
    expect(shown.stderr).toMatch(/^acme {2}Error MIGRATION_FAILED: .*Migration03_empty/m);
    expect(shown.stderr).toMatch(/because: .*UNIQUE constraint failed: note\.id/);
    expect(shown.stderr).toContain("SQL: insert into note (id, text, done) select");
    expect(JSON.parse(json.stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({
      error: {
        ...{ code: "MIGRATION_FAILED", sql: expect.stringContaining("insert into note") },
        causes: expect.arrayContaining([expect.stringContaining("UNIQUE constraint")]),
      },
    });
    expect(shown.stdout + json.stdout).not.toContain("UNIQUE");
    expect(kept(folder)).not.toContain("UNIQUE constraint");
  },
  patient,
);

it(
  "S033: of rows in the SQL of a migration that failed nothing is kept, and stdout does not show them",
  async () => {
    const folder = await applicationHere(migratedFiles());
    await runHere(["tenant", "create", "acme"], folder);
    const statement = "insert into nowhere (text) values ('a row of acme')";
    const failing = second.replace(/addSql\(.*?"\)/, () => `addSql(${JSON.stringify(statement)})`);
    addMigration(folder, "Migration02_done", failing);

    const { code, stderr, stdout } = await runHere(["migrate", "up", "--json"], folder);

    expect(code).toBe(1);
    expect(stderr).toContain(statement);
    expect(stdout).toContain("insert into nowhere (text) values (…");
    expect(stdout + kept(folder)).not.toContain("a row of acme");
  },
  patient,
);

it(
  "S034: what made a seeder fail is told by the process that ran it, without secrets, and kept nowhere",
  async () => {
    const folder = await applicationHere({
      "tenancy.config.ts": config().replace(
        "entities: [Note]",
        `entities: [Note], seeders: { demo: () => {
          throw new Error("no demo", { cause: new Error("postgres://jo:hunter2@db is down") });
        } }`,
      ),
    });
    await runHere(["tenant", "create", "acme"], folder);

    const { code, stderr, stdout } = await runHere(["seed", "run", "-q"], folder);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^acme {2}Error SEEDER_FAILED: .*demo/m);
    expect(stderr).toContain("because: no demo");
    expect(stderr).toContain("because: postgres://***@db is down");
    expect(stderr).not.toContain("hunter2");
    expect(kept(folder)).not.toContain("no demo");
  },
  patient,
);

describe.skipIf(withServer !== "")(`on PostgreSQL${withServer}`, () => {
  it(
    "S033: the server's own words are told, and a secret neither in them nor in the SQL",
    async () => {
      const folder = await applicationHere(postgresFiles);
      onTestFinished(() => purge(folder));
      await runHere(["tenant", "create", "acme"], folder);
      const statement = "select cast('postgres://jo:hunter2@db' as int)";
      addMigration(folder, "Migration02_cast", postgresMigration("Migration02_cast", statement));

      const { code, stderr } = await runHere(["migrate", "up"], folder);

      expect(code).toBe(1);
      expect(stderr).toMatch(
        /because: .*invalid input syntax for type integer: "postgres:\/\/\*\*\*@db"/,
      );
      expect(stderr).toContain("SQL: select cast('postgres://***@db' as int)");
      expect(stderr).not.toContain("hunter2");
      expect(kept(folder)).toContain("select cast(");
      expect(kept(folder)).not.toContain("hunter2");
    },
    patient,
  );
});

/** Everything that the registry has on disk. */
function kept(folder: string): string {
  return readFileSync(join(folder, "data/registry.sqlite"), "latin1");
}

async function purge(folder: string): Promise<void> {
  const argv = ["tenant", "purge", "acme", "--skip-grace"];
  const { stdout } = await runHere([...argv, "--dry-run", "--quiet"], folder);
  await runHere([...argv, "--yes", "--plan", stdout.trim()], folder);
}

function postgresMigration(name: string, sql: string): string {
  return `import { Migration } from "@mikro-orm/migrations";
export class ${name} extends Migration {
  override up(): void {
    this.addSql(${JSON.stringify(sql)});
  }
}
`;
}

const postgresFiles = {
  "tenancy.config.ts": `
import { defineTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary() } });
export default () =>
  defineTenancy({
    registry: sqliteRegistry({ file: import.meta.dirname + "/data/registry.sqlite" }),
    databases: postgresql({
      connection: ${JSON.stringify(settings)},
      strategy: "schema",
      entities: [Note],
      migrations: import.meta.dirname + "/migrations",
    }),
    provisioning: provisioning(),
  });
`,
  "migrations/Migration01_notes.ts": postgresMigration(
    "Migration01_notes",
    "create table note (id int)",
  ),
};
