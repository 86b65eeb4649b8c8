import { randomBytes } from "node:crypto";
import { MikroORM } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { addMigration } from "./support/migrated.ts";
import { migration, purge } from "./support/migrations-on-postgresql.ts";
import { settings, withServer } from "./support/postgresql.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";

describe.skipIf(withServer !== "")(`template on PostgreSQL${withServer}`, () => {
  it("S067: what new tenants are copied from is made beforehand, told before that, and made once", async () => {
    const folder = await applicationHere({ "tenancy.config.ts": config() });
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);

    const rehearsed = await tell("template build --dry-run");
    const missing = await runHere(["template", "list"], folder);
    const built = outputs.templates.parse(await tell("template build"));
    const { made } = built as { readonly made: readonly [string] };
    onTestFinished(() => drop(made[0]));
    const again = await runHere(["template", "build"], folder);
    const listed = await tell("template list");

    const current = { server: "default", current: true, name: made[0] };
    expect(outputs.templates.parse(rehearsed)).toMatchObject({
      ...{ dryRun: true, made, templates: [{ ...current, exists: false, usedOn: null }] },
    });
    expect(missing.stdout).toContain(`${made[0]}\tyes\tno`);
    expect(built).toMatchObject({ dryRun: false, templates: [{ ...current, exists: true }] });
    expect(again).toMatchObject({ code: 0, stdout: "There is nothing to make.\n" });
    expect(listed).toMatchObject({
      templates: expect.arrayContaining([expect.objectContaining({ ...current, exists: true })]),
    });
  });

  it("C120: the tables that a template keeps are those that new tenants begin with, and migrate adds what came later", async () => {
    const folder = await applicationHere({
      "tenancy.config.ts": config('migrations: import.meta.dirname + "/migrations",'),
      "migrations/Migration01_notes.ts": migration("Migration01_notes", [
        "create table note as select clock_timestamp() as made",
      ]),
    });
    const tell = (argv: string) => jsonHere(argv.split(" "), folder);
    const notesOf = async (slug: string) => {
      const { tenant } = (await tell(`tenant show ${slug}`)) as Shown;
      return ask(tenant.placement.name, "select * from note");
    };

    const { made } = (await tell("template build")) as { readonly made: readonly [string] };
    onTestFinished(() => drop(made[0]));
    for (const slug of ["acme", "globex"]) await tell(`tenant create ${slug}`);
    onTestFinished(() => purge(folder, "acme", "globex"));
    const begun = await Promise.all([notesOf("acme"), notesOf("globex")]);
    addMigration(
      folder,
      "Migration02_done",
      migration("Migration02_done", ["alter table note add done int"]),
    );
    const migrated = await tell("migrate up");

    expect(begun[0]).toEqual([{ made: expect.any(String) }]);
    expect(begun[1]).toEqual(begun[0]);
    expect(migrated).toMatchObject({
      ...{ verdict: "done", migrations: [{ name: "Migration02_done", done: 2 }] },
    });
    expect(await notesOf("acme")).toEqual([{ ...begun[0]?.[0], done: null }]);
  }, 120_000);
});

it("S067: where nothing is copied there is no template, and nothing to make", async () => {
  const folder = await applicationHere();

  expect(await jsonHere(["template", "build"], folder)).toMatchObject({ made: [], templates: [] });
  expect((await runHere(["template", "list"], folder)).stdout).toContain("There are none");
});

interface Shown {
  readonly tenant: { readonly placement: { readonly name: string } };
}

async function drop(name: string): Promise<void> {
  await ask(settings.database, `drop database "${name}"`);
}

async function ask(dbName: string, sql: string): Promise<readonly object[]> {
  const orm = await MikroORM.init({
    ...{ ...settings, dbName },
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  const rows = await orm.em.getConnection().execute(sql);
  await orm.close();
  return rows;
}

/** Its tables are nobody else's, and so is its template. */
function config(more = ""): string {
  return `
import { defineTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
const name = "note_${randomBytes(5).toString("hex")}";
const Note = defineEntity({ name, tableName: name, properties: { id: p.integer().primary() } });
export default () =>
  defineTenancy({
    registry: sqliteRegistry({ file: import.meta.dirname + "/data/registry.sqlite" }),
    databases: postgresql({ connection: ${JSON.stringify(settings)}, entities: [Note], ${more} }),
    provisioning: provisioning(),
  });
`;
}
