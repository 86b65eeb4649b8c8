import type { AbstractSqlConnection, AbstractSqlDriver } from "@mikro-orm/sql";

/** What a driver facade gets its connection from. */
export interface DriverBinding {
  readonly connection: AbstractSqlConnection;
}

/** Makes a driver that shares everything but its connection. */
export type MakeDriver = (binding: DriverBinding) => AbstractSqlDriver;

/** `drivers/DatabaseDriver.js:91`, `sql/AbstractSqlDriver.js:36`: drivers have no private fields, only these two. */
export function driverFacades(
  driver: AbstractSqlDriver,
  keepError: (error: unknown) => boolean,
): MakeDriver {
  const { convertException } = driver;
  const shared: AbstractSqlDriver = Object.create(driver, {
    connection: {
      get(this: Bound) {
        return this[bound].connection;
      },
    },
    replicas: { value: [] },
    // `DatabaseDriver.js:611` turns every error into a DriverException, which would hide ours.
    convertException: {
      value(this: AbstractSqlDriver, error: Error) {
        return keepError(error) ? error : convertException.call(this, error);
      },
    },
  });
  return (binding) => {
    const facade: Bound & AbstractSqlDriver = Object.create(shared);
    facade[bound] = binding;
    return facade;
  };
}

/** What a driver facade was bound to; `undefined` for the shared driver itself. */
export function bindingOf(driver: object): DriverBinding | undefined {
  return (driver as Partial<Bound>)[bound];
}

/** Makes the shared driver itself unusable: nothing may reach a database that is no tenant's. */
export function refuseConnections(driver: AbstractSqlDriver, refuse: () => never): void {
  Object.defineProperty(driver, "connection", { configurable: true, get: refuse });
}

const bound = Symbol("af-tenancy:bound");

interface Bound {
  [bound]: DriverBinding;
}
