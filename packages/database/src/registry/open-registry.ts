import {
  type Clock,
  ConfigurationError,
  RegistryNewerError,
  TransactionTimeoutError,
} from "@af-tenancy/core";
import { MikroORM } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import { migrateRegistry } from "./migrate-registry.ts";
import type { RegistryConnection, RegistryDriver } from "./registry-driver.ts";
import { type RegistryTables, registryTables } from "./registry-table.ts";
import { registryUnavailable } from "./registry-unavailable.ts";
import type { SendStatement } from "./run-bound.ts";

/** A registry whose tables are up to date. */
export interface OpenRegistry {
  readonly orm: MikroORM;
  readonly entities: RegistryEntities;
  readonly tables: RegistryTables;
  /** Sends a statement that reads, outside transactions. */
  readonly read: SendStatement | undefined;
  close(): Promise<void>;
}

/**
 * Connects to the registry's database and brings its tables up to date; throws `RegistryUnavailableError` and
 * `RegistryNewerError`.
 */
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
  });
  const close = async () => {
    // Waits for the transaction at work, which MikroORM must be open for.
    await connection.close();
    await orm.close();
  };
  try {
    await migrateRegistry(orm, driver.tables);
  } catch (error) {
    await close();
    throw unavailable(error);
  }
  const { read } = connection;
  return { orm, entities, tables: registryTables(orm, entities), read, close };
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
  const isOwn =
    error instanceof RegistryNewerError ||
    error instanceof ConfigurationError ||
    error instanceof TransactionTimeoutError;
  if (isOwn) return error;
  return registryUnavailable(error);
}
