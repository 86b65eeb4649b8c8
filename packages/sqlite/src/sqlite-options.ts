import { resolve } from "node:path";
import { ConfigurationError } from "@af-tenancy/core";
import type { MikroOrmDatabasesOptions, TenantEntities, TenantEntity } from "@af-tenancy/database";
import { memory } from "./sqlite-files.ts";

/** How SQLite keeps a transaction safe: `wal` serves more writers per file, `delete` opens a file twice as fast. */
export type JournalMode = "delete" | "truncate" | "persist" | "wal";

/** Where tenant files live and what they hold. */
export interface SqliteOptions<E extends TenantEntities = TenantEntities>
  extends MikroOrmDatabasesOptions<E> {
  /** The folder of the tenant files; made when the first tenant is. */
  readonly folder: string;
  /** `delete` when absent. */
  readonly journalMode?: JournalMode;
  /** Name of the file in which tenants with the strategy `row` share tables; `shared` when absent. */
  readonly sharedName?: string;
  /** The application's central database, where it is a SQLite file too. */
  readonly central?: SqliteCentralOptions;
  /** How many files are open at most, those in use among them; 500 when absent. */
  readonly maxOpen?: number;
}

/** The application's central database in one SQLite file. */
export interface SqliteCentralOptions {
  /** Path of the file; it and its folder are made when they are not there. */
  readonly file: string;
  /** What it holds: entities of its own, none of the tenants'. */
  readonly entities: readonly TenantEntity[];
}

const journalModes: readonly string[] = ["delete", "truncate", "persist", "wal"];

/** Throws `ConfigurationError` when a journal mode is none. */
export function checkJournalMode(mode: string): void {
  if (journalModes.includes(mode)) return;
  throw new ConfigurationError(
    "journalMode",
    `"${mode}"`,
    `use one of ${journalModes.join(", ")}.`,
  );
}

/** Gives the absolute form of a path on this machine; throws `ConfigurationError` when it can be none. */
export function localPath(key: string, path: string): string {
  if (typeof path !== "string" || path.trim() !== path || path === "" || path.includes("\0")) {
    throw new ConfigurationError(key, JSON.stringify(path), "give a path on this machine.");
  }
  if (path === memory || path.startsWith("file:")) {
    throw new ConfigurationError(key, `"${path}"`, "give a path; nothing but a file lasts.");
  }
  return resolve(path);
}
