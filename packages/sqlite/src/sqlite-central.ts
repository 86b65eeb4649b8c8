import { checkKnownOptions } from "@af-tenancy/core";
import { type CentralTarget, centralDatabase } from "@af-tenancy/database";
import { openCentralFile } from "./open-file.ts";
import { driverName } from "./placement-names.ts";
import type { SqliteFiles } from "./sqlite-files.ts";
import { localPath, type SqliteCentralOptions } from "./sqlite-options.ts";

/** Describes a central database in one file; throws `ConfigurationError`. */
export function sqliteCentral(files: SqliteFiles, options: SqliteCentralOptions): CentralTarget {
  checkKnownOptions<SqliteCentralOptions>("central", options, { file: true, entities: true });
  const { file, entities } = options;
  const path = localPath("central.file", file);
  return {
    database: centralDatabase(driverName, "default", path),
    entities,
    connections: { key: () => path, open: () => openCentralFile(files, path) },
  };
}
