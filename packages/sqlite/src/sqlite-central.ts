import { type CentralTarget, centralDatabase } from "@af-tenancy/database";
import { openCentralFile } from "./open-file.ts";
import { driverName } from "./placement-names.ts";
import type { SqliteFiles } from "./sqlite-files.ts";
import { localPath, type SqliteCentralOptions } from "./sqlite-options.ts";

/** Describes a central database in one file; throws `ConfigurationError`. */
export function sqliteCentral(
  files: SqliteFiles,
  { file, entities }: SqliteCentralOptions,
): CentralTarget {
  const path = localPath("central.file", file);
  return {
    database: centralDatabase(driverName, "default", path),
    entities,
    connections: { key: () => path, open: () => openCentralFile(files, path) },
  };
}
