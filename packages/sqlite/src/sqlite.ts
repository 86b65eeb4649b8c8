import { DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import {
  type EntitiesOf,
  type MikroOrmDatabases,
  mikroOrmDatabases,
  PoolExhaustedError,
  type TenantDriver,
  type TenantEntities,
} from "@af-tenancy/database";
import { SqliteDriver } from "@mikro-orm/sqlite";
import { checkStatement } from "./check-statement.ts";
import { examineFolder } from "./doctor/sqlite-doctor.ts";
import { readOwnedFile } from "./owner-file.ts";
import { driverName, nameFor } from "./placement-names.ts";
import { SqliteFileDriver } from "./sqlite-file-driver.ts";
import { memory, type SqliteFiles, sqliteFiles } from "./sqlite-files.ts";
import { SqliteManager } from "./sqlite-manager.ts";
import {
  checkJournalMode,
  checkMaxOpen,
  type JournalMode,
  localPath,
  type SqliteOptions,
} from "./sqlite-options.ts";

/**
 * Keeps each tenant's data in a SQLite file of its own. Throws `ConfigurationError`.
 *
 * @example
 * const db = sqlite({ folder: "data/tenants", entities: [Note] });
 * const tenancy = createTenancy({ registry: sqliteRegistry({ file: "data/registry.sqlite" }), databases: db });
 * await tenancy.run({ by: "slug", value: "acme" }, () => db.em().find(Note, {}));
 */
export function sqlite<E extends TenantEntities>({
  folder,
  journalMode = "delete",
  maxOpen = 500,
  ...options
}: SqliteOptions<E>): MikroOrmDatabases<EntitiesOf<E>> {
  checkJournalMode(journalMode);
  checkMaxOpen(maxOpen);
  const driver = tenantDriver(localPath("folder", folder), journalMode, maxOpen);
  return mikroOrmDatabases(driver, options);
}

function tenantDriver(folder: string, journalMode: JournalMode, maxOpen: number): TenantDriver {
  const files = sqliteFiles();
  const manager = new SqliteManager(files, folder);
  const pragmas = [`journal_mode = ${journalMode}`, ...commonPragmas];
  return {
    manager,
    orm: SqliteDriver,
    grammar: files.grammar,
    place(tenantId, generation, wish) {
      const placement = {
        ...({ driver: driverName, strategy: "database", server: "default" } as const),
        ...{ name: nameFor(tenantId, generation), secret: undefined },
        ...wish,
        generation,
      };
      manager.fileOf(placement);
      return Object.freeze(placement);
    },
    connections: {
      // A second connection to a file would only wait for the locks of the first.
      budget: () => ({ connections: maxOpen, perTenant: 1 }),
      key: ({ placement }) => manager.fileOf(placement).path,
      open: (database) => openTenant(files, manager, database, pragmas),
    },
    openSample: () => openFile(files, memory, false, "sample", commonPragmas),
    readOwner: readOwnedFile,
    doctor: () => examineFolder({ folder, journalMode, maxOpen }),
    readOnly: (driver, refuse) => (driver as SqliteFileDriver).readOnly(refuse),
  };
}

/** A page cache of half a megabyte per file, where the library's default is sixteen. */
const commonPragmas: readonly string[] = [
  "synchronous = full",
  "foreign_keys = on",
  "cache_size = -512",
];

async function openTenant(
  files: SqliteFiles,
  manager: SqliteManager,
  { tenantId, placement }: TenantDatabase,
  pragmas: readonly string[],
): Promise<SqliteFileDriver> {
  const file = manager.fileOf(placement);
  try {
    return await openFile(files, file.path, true, file.name, pragmas);
  } catch (error) {
    if ((await file.bytes()) !== undefined) throw error;
    throw new DatabaseNotReadyError(tenantId, `there is no file "${file.name}.sqlite"`);
  }
}

function openFile(
  files: SqliteFiles,
  path: string,
  mustExist: boolean,
  name: string,
  pragmas: readonly string[],
): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(path, { mustExist }),
    pragmas,
    check: checkStatement,
    tooLate: (waited) => new PoolExhaustedError(name, waited),
  });
}
