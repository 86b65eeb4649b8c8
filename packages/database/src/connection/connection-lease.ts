import type { MaybePromise } from "@af-tenancy/core";
import type { DialectConnection, DialectDriver } from "./dialect.ts";

/** The use of a connection for one query, one transaction or one stream. */
export interface ConnectionLease {
  readonly connection: DialectConnection;
  readonly driver: DialectDriver;
  /** Gives the connection back; gives a promise only when there is something to wait for. */
  release(): MaybePromise<void>;
  /** Closes the connection instead of giving it back; the next lease opens another one. */
  destroy(): Promise<void>;
  /** Calls back when the connection was taken from whoever has it, as one is that was forgotten. */
  onTaken?(listener: () => void): void;
}
