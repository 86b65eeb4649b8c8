import type { ConnectionLease } from "./connection-lease.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { DialectDriver } from "./dialect.ts";
import type { RefuseWrite } from "./read-only-driver.ts";

/** Makes a view of a leased connection on which nothing can be written. */
export type ReadOnlyView = (driver: DialectDriver, refuse: RefuseWrite) => DialectDriver;

/** Gives the leases of a source so that nothing can be written with them. */
export function readOnlySource(
  source: ConnectionSource,
  refuse: RefuseWrite,
  view: ReadOnlyView,
): ConnectionSource {
  return {
    async lease(scope): Promise<ConnectionLease> {
      const lease = await source.lease(scope);
      const driver = view(lease.driver, refuse);
      const connection = await driver.acquireConnection();
      return {
        ...{ driver, connection, destroy: () => lease.destroy() },
        onTaken: (listener) => lease.onTaken?.(listener),
        async release() {
          try {
            await driver.releaseConnection(connection);
          } catch (error) {
            await lease.destroy();
            throw error;
          }
          await lease.release();
        },
      };
    },
  };
}
