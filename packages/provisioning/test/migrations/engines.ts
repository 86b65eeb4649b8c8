import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import type { NamedMigration } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { provisioning } from "../../src/index.ts";
import { maria, postgres, registrySites, serverOf } from "../life/registry-sites.ts";

/** The engines on which plans are run. */
export const engines = ["SQLite files", "PostgreSQL schemas", "MariaDB databases"] as const;

/** The name of an engine. */
export type Engine = (typeof engines)[number];

/** Starts an application that has the first so many of the migrations, as another process would, too. */
export async function startEngine(engine: Engine, folder: string, count: number) {
  const databases = databasesOf(engine, folder, migrations.slice(0, count));
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  const parts = { registry, databases, provisioning: provisioning({ leaseMs: 500 }) };
  const tenancy = createTenancy(parts);
  await tenancy.start();
  return { databases, registry, tenancy, fleet: tenancy.tenants.migrations };
}

/** Says why an engine cannot be tested here. */
export function whatIsMissing(engine: Engine): string {
  const server = engine.split(" ")[0];
  return registrySites.find(({ name }) => name === server)?.missing ?? "";
}

/** The only entity of the tenants. */
const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string().length(100) },
});

const migrations: readonly NamedMigration[] = [
  migration("0001-notes", [
    "create table note (id integer not null primary key, text varchar(100) not null)",
    "create table log (what varchar(20) not null)",
  ]),
  migration("0002-unique", ["create unique index note_text_unique on note (text)"]),
  migration("0003-log", ["insert into log (what) values ('0003')"]),
  migration("0004-tags", [
    "create table tag (id integer not null primary key)",
    "insert into log (what) values ('0004')",
  ]),
];

function databasesOf(engine: Engine, folder: string, own: readonly NamedMigration[]) {
  const parts = { entities: [Note], migrations: own };
  if (engine === "SQLite files") return sqlite({ folder: join(folder, "tenants"), ...parts });
  if (engine === "MariaDB databases") {
    return mysql({ connection: serverOf(maria), flavour: "mariadb", ...parts });
  }
  return postgresql({ connection: serverOf(postgres), strategy: "schema", ...parts });
}

/** Makes a migration that is nothing but SQL, with what takes it back. */
export function migration(
  name: string,
  sql: readonly string[],
  back: readonly string[] = [],
): NamedMigration {
  class Migration {
    readonly #queries: string[] = [];
    up(): void {
      this.#queries.push(...sql);
    }
    down(): void {
      this.#queries.push(...back);
    }
    isTransactional(): boolean {
      return true;
    }
    getQueries(): unknown[] {
      return this.#queries;
    }
    setTransactionContext(): void {}
  }
  return { name, class: Migration };
}
