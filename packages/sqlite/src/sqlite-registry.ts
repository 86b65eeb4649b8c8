import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type CentralRegistry, checkKnownOptions, TransactionTimeoutError } from "@af-tenancy/core";
import { centralRegistry, checkCount, registryConnection } from "@af-tenancy/database";
import { SqliteDriver } from "@mikro-orm/sqlite";
import { openRegistryFile } from "./open-file.ts";
import { registryMigrations } from "./registry-migrations.ts";
import { sqliteFiles } from "./sqlite-files.ts";
import { localPath } from "./sqlite-options.ts";

/** Where the registry's file is and how long its transactions wait for each other. */
export interface SqliteRegistryOptions {
  /** Path of the file; it and its folder are made when they are not there. */
  readonly file: string;
  /** Milliseconds that a transaction waits while none of those before it ends in this process; 4,000 when absent. */
  readonly maxWait?: number;
}

/**
 * Keeps the central registry in one SQLite file, for one machine. What was acknowledged survives a crash and a loss of
 * power. Throws `ConfigurationError`.
 *
 * @example const registry = sqliteRegistry({ file: "data/registry.sqlite" });
 */
export function sqliteRegistry(options: SqliteRegistryOptions): CentralRegistry {
  checkKnownOptions<SqliteRegistryOptions>("sqliteRegistry", options, {
    file: true,
    maxWait: true,
  });
  const { maxWait = 4_000 } = options;
  const path = localPath("file", options.file);
  checkCount("maxWait", maxWait);
  const files = sqliteFiles();
  return centralRegistry({
    orm: SqliteDriver,
    now: "cast(unixepoch('subsec') * 1000 as integer)",
    // A transaction takes the file's lock when it begins.
    transactions: {
      ...{ enter: undefined, isolation: undefined, endsWhenRefused: false, returning: true },
      bindsValues: true,
      waitedInVain: () => undefined,
    },
    tables: { migrations: registryMigrations, journal, lock: undefined, isThere: undefined },
    async connect(clock) {
      await mkdir(dirname(path), { recursive: true });
      // One that was there and was taken away comes back from a copy; an empty one in its place would be in the way.
      let wasThere = false;
      return registryConnection({
        ...{ grammar: files.grammar, clock, maxWait, readers: 1, name: path },
        async open() {
          const driver = await openRegistryFile(files, path, tooLate, wasThere);
          wasThere = true;
          return driver;
        },
      });
    },
  });
}

const journal =
  "create table if not exists registry_migrations (id integer not null primary key autoincrement, name text not null, executed_at datetime null)";

function tooLate(waited: number): TransactionTimeoutError {
  return new TransactionTimeoutError(waited);
}
