import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type CentralRegistry,
  type Clock,
  checkKnownOptions,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import {
  centralRegistry,
  checkCount,
  everlastingScope,
  leasingDialects,
  SingleConnection,
  Turns,
} from "@af-tenancy/database";
import { SqliteDriver } from "@mikro-orm/sqlite";
import { openRegistryFile } from "./open-file.ts";
import { registryMigrations } from "./registry-migrations.ts";
import { type SqliteFiles, sqliteFiles } from "./sqlite-files.ts";
import { localPath } from "./sqlite-options.ts";

/** Where the registry's file is and how long its transactions wait for each other. */
export interface SqliteRegistryOptions {
  /** Path of the file; it and its folder are made when they are not there. */
  readonly file: string;
  /** Milliseconds that a transaction waits for those before it in this process; 4,000 when absent. */
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
  const dialect = leasingDialects(files.grammar);
  const scope = everlastingScope();
  return centralRegistry({
    orm: SqliteDriver,
    now: "cast(unixepoch('subsec') * 1000 as integer)",
    migrations: registryMigrations,
    async connect(clock) {
      await mkdir(dirname(path), { recursive: true });
      const [writer, reader] = [
        connect(files, path, clock, maxWait),
        connect(files, path, clock, maxWait),
      ];
      return {
        options: {
          dbName: path,
          driverOptions: () => dialect(writer, scope),
          replicas: [{ name: "reader", driverOptions: () => dialect(reader, scope) }],
        },
        async close() {
          await reader.close();
          await writer.close();
        },
      };
    },
  });
}

function connect(
  files: SqliteFiles,
  path: string,
  clock: Clock,
  maxWait: number,
): SingleConnection {
  const tooLate = (waited: number) => new TransactionTimeoutError(waited);
  return new SingleConnection({
    open: () => openRegistryFile(files, path, tooLate),
    turns: new Turns(clock, maxWait, tooLate),
  });
}
