import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";
import type { EngineSite, Location } from "./engine.ts";
import { foundNotes, noteEntity } from "./note.ts";

/** Tenants with a SQLite file each, or rows of their own in one. */
export type SqliteName = "sqlite" | "sqlite-row";

/** A site whose registry and tenants are files in its folder. */
export function sqliteSite({ folder, engine }: Pick<Location, "folder" | "engine">): EngineSite {
  const tenants = join(folder, "tenants");
  const strategy = engine === "sqlite-row" ? "row" : "database";
  return {
    async prepare() {},
    registry: () => sqliteRegistry({ file: join(folder, "registry.sqlite") }),
    databases: (maxWait = 10_000, entities = [noteEntity()], migrations) =>
      sqlite({
        ...{ folder: tenants, entities, maxWait },
        ...(migrations && { migrations }),
        ...(strategy === "row" && { strategies: [strategy], sharedName: "shared" }),
      }),
    names: () => (strategy === "row" ? owners(join(tenants, "shared.sqlite")) : filesIn(tenants)),
    ...(strategy === "database" && {
      makeFound: async (name: string) => {
        await mkdir(tenants, { recursive: true });
        await inFile(join(tenants, `${name}.sqlite`), foundNotes);
      },
      notesIn: (name: string) =>
        inFile(join(tenants, `${name}.sqlite`), ["select text from note order by id"]),
    }),
    async remove() {},
  };
}

async function inFile(dbName: string, statements: readonly string[]): Promise<string[]> {
  const orm = await MikroORM.init({ dbName, entities: [noteEntity()] });
  let rows: { readonly text: string }[] = [];
  for (const sql of statements) rows = await orm.em.getConnection().execute(sql);
  await orm.close();
  return Array.isArray(rows) ? rows.map(({ text }) => text) : [];
}

/** What stands beside a file keeps its whole name. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((name) => name !== ".drafts").map((name) => name.replace(/\.sqlite$/, ""));
}

async function owners(dbName: string): Promise<readonly string[]> {
  const orm = await MikroORM.init({ dbName, entities: [noteEntity()] });
  const rows = await orm.em.getConnection().execute("select name from _tenancy_owner order by 1");
  await orm.close();
  return rows.map(({ name }) => String(name));
}
