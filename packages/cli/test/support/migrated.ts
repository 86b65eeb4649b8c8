import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { config } from "./application.ts";
import { jsonHere } from "./run-here.ts";

/** The first migration, with which every tenant begins. */
const first = migration("Migration01_notes", {
  up: "create table note (id integer primary key, text text not null)",
  down: "drop table note",
});

/** The second one, which tenants lack until the fleet is migrated. */
export const second = migration("Migration02_done", {
  up: "alter table note add column done integer not null default 0",
  down: "alter table note drop column done",
});

/** One that fails at tenants that have a note. */
export const failing = migration("Migration03_empty", {
  up: "insert into note (id, text, done) select id, text, 0 from note",
  down: "delete from note where id is null",
});

/** Files of an application with migrations. */
export function migratedFiles(more = ""): Readonly<Record<string, string>> {
  return {
    "tenancy.config.ts": config(more).replace(
      "entities: [Note]",
      'entities: [Note], migrations: import.meta.dirname + "/migrations"',
    ),
    "migrations/Migration01_notes.ts": first,
  };
}

/** Puts another migration into an application. */
export function addMigration(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, "migrations", `${name}.ts`), text);
}

/** Opens a tenant's file by its slug. */
export async function fileOf(folder: string, slug: string): Promise<string> {
  const shown = (await jsonHere(["tenant", "show", slug], folder)) as {
    readonly tenant: { readonly placement: { readonly name: string } };
  };
  return join(folder, "data", `${shown.tenant.placement.name}.sqlite`);
}

/** Asks a file something. */
export function ask(path: string, sql: string): readonly Record<string, unknown>[] {
  const file = new DatabaseSync(path);
  try {
    return file.prepare(sql).all();
  } finally {
    file.close();
  }
}

function migration(name: string, sql: { readonly up: string; readonly down: string }): string {
  return `
import { Migration } from "@mikro-orm/migrations";
export class ${name} extends Migration {
  override up(): void {
    this.addSql(${JSON.stringify(sql.up)});
  }
  override down(): void {
    this.addSql(${JSON.stringify(sql.down)});
  }
}
`;
}
