import { type Clock, TransactionTimeoutError } from "@af-tenancy/core";
import type { DialectDriver, DialectGrammar } from "../connection/dialect.ts";
import type { ServerConnection } from "../connection/driver-connections.ts";
import { everlastingScope } from "../connection/lease-scope.ts";
import { leasingDialects } from "../connection/leasing-dialect.ts";
import { LeasingDriver } from "../connection/leasing-driver.ts";
import { SingleConnection } from "../connection/single-connection.ts";
import { Turns } from "../connection/turns.ts";
import type { RegistryConnection } from "./registry-driver.ts";

/** How a registry's connections are opened. */
export interface RegistryConnectionOptions {
  readonly grammar: DialectGrammar;
  readonly clock: Clock;
  /** Milliseconds that a transaction or a read waits while none of those before it in this process ends. */
  readonly maxWait: number;
  /** How many connections read beside the one that writes. */
  readonly readers: number;
  /** Name of the database, for MikroORM. */
  readonly name: string;
  open(): Promise<DialectDriver & Partial<Pick<ServerConnection, "onLost">>>;
}

/** Makes the way to a registry's database: one connection for transactions, one after the other, and others for reads. */
export function registryConnection(options: RegistryConnectionOptions): RegistryConnection {
  const { grammar, clock, maxWait, readers, name } = options;
  const dialect = leasingDialects(grammar);
  const scope = everlastingScope();
  const tooLate = (waited: number) => new TransactionTimeoutError(waited);
  const connections = Array.from(
    { length: readers + 1 },
    () =>
      new SingleConnection({
        open: () => options.open(),
        turns: new Turns(clock, maxWait, tooLate),
      }),
  );
  const [writer, ...others] = connections.map((one) => () => dialect(one, scope));
  const direct = connections.slice(1).map((one) => new LeasingDriver(one, scope));
  let turn = 0;
  return {
    read: (query) => (direct[turn++ % direct.length] as LeasingDriver).executeQuery(query),
    options: {
      dbName: name,
      ...(writer !== undefined && { driverOptions: writer }),
      replicas: others.map((driverOptions, index) => ({
        name: `reader-${index + 1}`,
        driverOptions,
      })),
    },
    async close() {
      for (const connection of connections.reverse())
        await connection.close(maxWait + longestLockWait);
    },
  };
}

/** Milliseconds after which a transaction that waits for other processes has given up, whatever the driver. */
const longestLockWait = 15_000;
