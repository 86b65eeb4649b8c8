import { DatabaseNotReadyError } from "@af-tenancy/core";
import type { DriverConnections } from "../driver-connections.ts";
import type { Borrower } from "./borrower.ts";
import { Breakers } from "./breakers.ts";
import { openConnection } from "./open-connection.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** What opens connections, and what to do when one is open or could not be opened. */
export interface OpenerOptions {
  readonly connections: Pick<DriverConnections, "open">;
  isFull(error: unknown): boolean;
  now(): number;
  opened(connection: PooledConnection, borrower: Borrower): void;
  failed(error: unknown, borrower: Borrower): void;
}

/** Opens one connection at a time for each target: many who come first at once do not open as many. */
export class Opener {
  readonly breakers: Breakers;
  readonly #options: OpenerOptions;
  readonly #opening = new Map<string, Promise<void>>();

  constructor(options: OpenerOptions) {
    this.#options = options;
    // A database that is not there may be made at any moment, and a server that is full is full for all.
    this.breakers = new Breakers(
      (error) => !(error instanceof DatabaseNotReadyError) && !options.isFull(error),
    );
  }

  /** How many are being opened. */
  get size(): number {
    return this.#opening.size;
  }

  /** A connection to this target is on its way, or the last try is too recent. */
  isBusy(borrower: Borrower): boolean {
    if (this.#opening.has(borrower.target)) return true;
    return this.breakers.isPaused(borrower, this.#options.now());
  }

  /** Has nobody try again for a moment. */
  pause(borrower: Borrower): void {
    this.breakers.pause(borrower, this.#options.now() + pauseLength);
  }

  open(borrower: Borrower): void {
    this.#opening.set(borrower.target, this.#open(borrower));
  }

  /** Resolves once what is being opened for a tenant, or for any, is open or has failed. */
  async settled(borrower?: Borrower): Promise<void> {
    await (borrower === undefined
      ? Promise.all(this.#opening.values())
      : this.#opening.get(borrower.target));
  }

  async #open(borrower: Borrower): Promise<void> {
    const { connections, now, opened, failed } = this.#options;
    const { target } = borrower;
    let connection: PooledConnection;
    try {
      connection = await this.breakers.run(borrower, () =>
        openConnection(connections, borrower, now),
      );
    } catch (error) {
      this.#opening.delete(target);
      failed(error, borrower);
      return;
    }
    this.#opening.delete(target);
    opened(connection, borrower);
  }
}

/** Milliseconds between two tries while the tenant has other connections. */
const pauseLength = 250;
