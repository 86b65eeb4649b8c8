import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import type { EngineSite, Location } from "./engine.ts";
import { noteEntity } from "./note.ts";

/** Tenants with a SQLite file each. */
export type SqliteName = "sqlite";

/** A site whose registry and tenants are files in its folder. */
export function sqliteSite({ folder }: Pick<Location, "folder">): EngineSite {
  const tenants = join(folder, "tenants");
  return {
    async prepare() {},
    registry: () => sqliteRegistry({ file: join(folder, "registry.sqlite") }),
    databases: () => sqlite({ folder: tenants, entities: [noteEntity()] }),
    async names() {
      const files = await readdir(tenants).catch(() => []);
      return files.filter((name) => !name.endsWith(".draft")).map(withoutExtension);
    },
    async remove() {},
  };
}

/** What stands beside a file keeps its whole name. */
function withoutExtension(name: string): string {
  return name.replace(/\.sqlite$/, "");
}
