import type { DialectConnection } from "./dialect.ts";
import type { ServerConnection } from "./driver-connections.ts";

/** One open connection in a pool. */
export class PooledConnection {
  readonly key: string;
  readonly driver: ServerConnection;
  readonly connection: DialectConnection;
  /** It is closed instead of being given to anybody else. */
  retired = false;
  /** For whom it was opened or last entered. */
  seat: string | undefined;

  constructor(key: string, driver: ServerConnection, connection: DialectConnection) {
    this.key = key;
    this.driver = driver;
    this.connection = connection;
  }
}
