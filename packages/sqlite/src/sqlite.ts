import { InvalidInputError, type Placement, type PlacementStrategy } from "@af-tenancy/core";
import {
  checkCount,
  checkDriverOptions,
  type EntitiesOf,
  inspectingOnce,
  type MikroOrmDatabases,
  mikroOrmDatabases,
  type TenantDriver,
  type TenantEntities,
} from "@af-tenancy/database";
import { SqliteDriver } from "@mikro-orm/sqlite";
import { copyInPlace } from "./copy-in-place.ts";
import { examineFolder } from "./doctor/sqlite-doctor.ts";
import { migrationDialect } from "./migration-dialect.ts";
import { openInMemory, openTenantFile } from "./open-file.ts";
import { readOwnedFile } from "./owner-file.ts";
import { checkFileName, driverName, nameFor } from "./placement-names.ts";
import { seederDialect } from "./seeder-dialect.ts";
import { readSharedOwner, SharedFile } from "./shared-file.ts";
import { sqliteCentral } from "./sqlite-central.ts";
import type { SqliteFileDriver } from "./sqlite-file-driver.ts";
import { type SqliteFiles, sqliteFiles } from "./sqlite-files.ts";
import { SqliteManager } from "./sqlite-manager.ts";
import { checkJournalMode, localPath, type SqliteOptions } from "./sqlite-options.ts";
import { TenantFile } from "./tenant-file.ts";

/**
 * Keeps each tenant's data in a SQLite file of its own. Throws `ConfigurationError`.
 *
 * @example
 * const db = sqlite({ folder: "data/tenants", entities: [Note] });
 * const tenancy = createTenancy({ registry: sqliteRegistry({ file: "data/registry.sqlite" }), databases: db });
 * await tenancy.run({ by: "slug", value: "acme" }, () => db.em().find(Note, {}));
 */
export function sqlite<E extends TenantEntities>(
  given: SqliteOptions<E>,
): MikroOrmDatabases<EntitiesOf<E>> {
  checkDriverOptions("sqlite", given, {});
  const { folder, journalMode = "delete", maxOpen = 500, sharedName = "shared", ...more } = given;
  const { central, ...options } = more;
  checkJournalMode(journalMode);
  checkCount("maxOpen", maxOpen);
  const strategy = options.strategies?.[0] ?? "database";
  const settings = {
    folder: localPath("folder", folder),
    journalMode,
    maxOpen,
    sharedName,
    strategy,
  };
  const files = sqliteFiles();
  const driver = tenantDriver(files, settings);
  return mikroOrmDatabases(
    central === undefined ? driver : { ...driver, central: sqliteCentral(files, central) },
    options,
  );
}

interface Settings
  extends Required<Pick<SqliteOptions, "folder" | "journalMode" | "maxOpen" | "sharedName">> {
  /** What new tenants get. */
  readonly strategy: PlacementStrategy;
}

function tenantDriver(
  files: SqliteFiles,
  { folder, journalMode, maxOpen, sharedName, strategy }: Settings,
): TenantDriver {
  const manager = new SqliteManager(files, folder);
  const shared = new SharedFile(
    files,
    new TenantFile(folder, checkFileName("sharedName", sharedName)),
  );
  const fileOf = (placement: Placement) => {
    if (placement.strategy !== "row") return manager.fileOf(placement);
    shared.check(placement);
    return shared.file;
  };
  return {
    manager,
    isLight: true,
    migrations: migrationDialect,
    copyingInPlace: copyInPlace,
    seeders: seederDialect,
    rowValues: { numberSql: infinity },
    orm: SqliteDriver,
    grammar: files.grammar,
    copies: (template) => manager.copies(template),
    isFinished: (database) => manager.isFinished(database),
    place(tenantId, generation, wish) {
      const placement = {
        ...{ driver: driverName, strategy, server: "default" },
        ...{ name: nameFor(tenantId, generation), secret: undefined },
        ...wish,
        generation,
      };
      if (placement.strategy === "database" && placement.name === sharedName) {
        throw new InvalidInputError("placement.name", sharedName, "it is the shared file's");
      }
      fileOf(placement);
      return Object.freeze(placement);
    },
    connections: {
      // A second connection to a file would only wait for the locks of the first.
      budget: () => ({ connections: maxOpen, perTenant: 1 }),
      key: ({ placement }) => fileOf(placement).path,
      open(database) {
        const file = fileOf(database.placement);
        const refuseWait = file === shared.file ? shared.serving(database) : undefined;
        return openTenantFile(files, file, database, journalMode, refuseWait);
      },
    },
    openSample: () => openInMemory(files),
    doctor: ({ finished }) =>
      examineFolder({
        ...{ folder, journalMode, maxOpen, finished },
        inspect: inspectingOnce((database) => manager.inspect(database)),
      }),
    readOnly: (driver, refuse) => (driver as SqliteFileDriver).readOnly(refuse),
    readOwner: (run, database) =>
      database.placement.strategy === "row" ? readSharedOwner(run, database) : readOwnedFile(run),
    sharedDatabase: shared,
  };
}

/** SQLite reads a number that is too large as infinite, and keeps no NaN. */
function infinity(value: number): string | undefined {
  if (Number.isNaN(value)) return undefined;
  return value > 0 ? "9e999" : "-9e999";
}
