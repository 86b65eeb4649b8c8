import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { onTestFinished } from "vitest";
import { maria, postgres, registrySites, serverOf } from "../life/registry-sites.ts";

/** The only entity of the tenants. */
export const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

/** A kind of tenant databases, and why it cannot be tested here. */
export interface DatabaseSite {
  readonly name: string;
  readonly missing: string;
  make(): Promise<ReturnType<typeof sqlite>>;
}

const entities = [Note];

/** The tenant databases on which creations are tested. */
export const databaseSites: readonly DatabaseSite[] = [
  {
    name: "SQLite files",
    missing: "",
    async make() {
      const folder = await mkdtemp(join(tmpdir(), "af-sites-"));
      onTestFinished(() => rm(folder, { recursive: true }));
      return sqlite({ folder, entities });
    },
  },
  {
    name: "PostgreSQL databases",
    missing: whatIsMissing("PostgreSQL"),
    make: async () => postgresql({ connection: serverOf(postgres), entities }),
  },
  {
    name: "PostgreSQL schemas",
    missing: whatIsMissing("PostgreSQL"),
    make: async () => postgresql({ connection: serverOf(postgres), entities, strategy: "schema" }),
  },
  {
    name: "MariaDB databases",
    missing: whatIsMissing("MariaDB"),
    make: async () => mysql({ connection: serverOf(maria), flavour: "mariadb", entities }),
  },
];

function whatIsMissing(server: string): string {
  return registrySites.find(({ name }) => name === server)?.missing ?? "";
}
