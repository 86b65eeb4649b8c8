import { type Clock, isTenancyError, RegistryUnavailableError } from "@af-tenancy/core";
import { Migration, Migrator } from "@mikro-orm/migrations";
import { type Constructor, MikroORM } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import type { RegistryConnection, RegistryDriver, RegistryMigration } from "./registry-driver.ts";

/** A registry whose tables are up to date. */
export interface OpenRegistry {
  readonly orm: MikroORM;
  readonly entities: RegistryEntities;
  close(): Promise<void>;
}

/** Connects to the registry's database and brings its tables up to date; throws `RegistryUnavailableError`. */
export async function openRegistry(
  driver: RegistryDriver,
  entities: RegistryEntities,
  clock: Clock,
): Promise<OpenRegistry> {
  const connection = await connect(driver, clock);
  const orm = new MikroORM({
    ...connection.options,
    driver: driver.orm,
    entities: Object.values(entities),
    contextName: "af-tenancy-central",
    allowGlobalContext: false,
    ensureDatabase: false,
    extensions: [Migrator],
    migrations: {
      migrationsList: driver.migrations.map(({ name, statements }) => ({
        name,
        class: migrationOf(statements),
      })),
      tableName: "registry_migrations",
      snapshot: false,
      silent: true,
    },
  });
  const close = async () => {
    await orm.close();
    await connection.close();
  };
  try {
    await migrate(orm, driver.migrations.length);
  } catch (error) {
    await close();
    throw unavailable(error);
  }
  return { orm, entities, close };
}

/** A folder that cannot be made, for one, is a registry that is not there. */
async function connect(driver: RegistryDriver, clock: Clock): Promise<RegistryConnection> {
  try {
    return await driver.connect(clock);
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): unknown {
  return isTenancyError(error) ? error : new RegistryUnavailableError({ cause: error });
}

/**
 * Brings the tables up to date. Of several processes that start at once only one can make the first table, and only one
 * can run a step; the others fail at it, and then find less to do.
 */
async function migrate(orm: MikroORM, steps: number): Promise<void> {
  for (let collisions = 0; ; collisions++) {
    try {
      await orm.migrator.up();
      return;
    } catch (error) {
      if (collisions > steps) throw error;
    }
  }
}

function migrationOf(statements: RegistryMigration["statements"]): Constructor<Migration> {
  return class extends Migration {
    override up(): void {
      for (const statement of statements) this.addSql(statement);
    }
  };
}
