import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CentralRegistry } from "@af-tenancy/core";
import type { MigrationSource, MikroOrmDatabases, TenantEntity } from "@af-tenancy/database";
import { type MariadbName, mariadbSite } from "./mariadb-engine.ts";
import { type PostgresqlName, postgresqlSite } from "./postgresql-engine.ts";
import { type SqliteName, sqliteSite } from "./sqlite-engine.ts";
import { withFolder } from "./with-folder.ts";

/** A driver and how it keeps tenants apart. */
export type Engine = SqliteName | PostgresqlName | MariadbName;

/** Where a site keeps its registry and its tenants: all that several processes share. */
export interface EngineSite {
  /** Makes what has to be there before the first process. */
  prepare(): Promise<void>;
  registry(): CentralRegistry;
  /** With how long they wait for each other, in milliseconds, where that matters. */
  databases(
    maxWait?: number,
    entities?: readonly TenantEntity[],
    migrations?: MigrationSource,
  ): MikroOrmDatabases;
  /** Makes a database that is nobody's, with one note; absent where no tenant can adopt one. */
  makeFound?(name: string): Promise<void>;
  /** Texts of the notes in it, read past the framework. */
  notesIn?(name: string): Promise<readonly string[]>;
  /** Names of everything that tenants have there, and of what was begun for them. */
  names(): Promise<readonly string[]>;
  /** Removes everything. */
  remove(): Promise<void>;
}

/** Where a site is. */
export interface Location {
  readonly engine: Engine;
  readonly folder: string;
  /** Is in the name of everything that the site has on a server. */
  readonly tag: string;
}

/** Makes a site of an engine for the time of a callback; processes know it by its folder. */
export function withSite<R>(engine: Engine, work: (folder: string) => Promise<R>): Promise<R> {
  return withFolder(async (folder) => {
    const location = { engine, folder, tag: `aft${randomBytes(4).toString("hex")}` };
    await writeFile(join(folder, "site.json"), JSON.stringify(location));
    const site = siteIn(folder);
    await site.prepare();
    try {
      return await work(folder);
    } finally {
      await site.remove();
    }
  });
}

/** The name of the database of a site that is there before its tenant. */
export function foundName(folder: string): string {
  return `found_${locationOf(folder).tag}`;
}

/** Gives the site of a folder, which is on SQLite where nothing else is said. */
export function siteIn(folder: string): EngineSite {
  return siteOf(locationOf(folder));
}

/** Gives the site of a location; nothing is made. */
export function siteOf(location: Location): EngineSite {
  const { engine } = location;
  if (engine.startsWith("postgresql")) return postgresqlSite(location);
  if (engine.startsWith("mariadb")) return mariadbSite(location);
  return sqliteSite(location);
}

/** Reads where a site is. */
export function locationOf(folder: string): Location {
  try {
    return JSON.parse(readFileSync(join(folder, "site.json"), "utf8")) as Location;
  } catch {
    return { engine: "sqlite", folder, tag: "" };
  }
}
