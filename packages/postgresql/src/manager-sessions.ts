import { sqlRunner } from "@af-tenancy/database";
import type { ServerAddress } from "./connection-options.ts";
import type { PostgresqlDriver } from "./postgresql-driver.ts";
import type { PostgresqlServers, ServerSession } from "./postgresql-servers.ts";

/**
 * Sessions on which databases and schemas are made and dropped. After its work one stays open for a moment: whoever makes
 * the next tenant saves connecting and saying goodbye, which together take a tenth of making one.
 */
export class ManagerSessions {
  readonly #servers: PostgresqlServers;
  readonly #kept = new Map<string, Kept>();

  constructor(servers: PostgresqlServers) {
    this.#servers = servers;
  }

  /** Runs work on a session that is nobody else's meanwhile. */
  async use<R>(address: ServerAddress, work: (session: ServerSession) => Promise<R>): Promise<R> {
    const key = keyOf(address);
    const driver = (await this.#cleaned(key)) ?? (await this.#open(key, address));
    try {
      const result = await work({ driver, run: sqlRunner(await driver.acquireConnection()) });
      // Behind a pooler it is the pooler that keeps sessions.
      if (!address.pooler && !this.#kept.has(key)) this.#keep(key, driver);
      else await driver.destroy();
      return result;
    } catch (error) {
      await driver.destroy();
      throw error;
    }
  }

  /** Closes those that nobody uses. */
  async close(): Promise<void> {
    const kept = [...this.#kept.keys()].map((key) => this.#take(key)?.driver.destroy());
    await Promise.all(kept);
  }

  /** One that was made clean after its last work; one that could not be is closed. */
  async #cleaned(key: string): Promise<PostgresqlDriver | undefined> {
    const kept = this.#take(key);
    if (kept === undefined || (await kept.isClean)) return kept?.driver;
    await kept.driver.destroy();
    return undefined;
  }

  async #open(key: string, address: ServerAddress): Promise<PostgresqlDriver> {
    const driver = await this.#servers.open(address);
    driver.onLost(() => {
      if (this.#kept.get(key)?.driver === driver) this.#leave(key);
    });
    return driver;
  }

  /** Nobody waits until it is clean but whoever needs it next. */
  #keep(key: string, driver: PostgresqlDriver): void {
    const isClean = driver.releaseConnection().then(
      () => true,
      () => false,
    );
    const timer = setTimeout(() => this.#leave(key), keptMs).unref();
    this.#kept.set(key, { driver, timer, isClean });
  }

  /** Nobody waits for the goodbye of a session that has done its work. */
  #leave(key: string): void {
    this.#take(key)
      ?.driver.destroy()
      .catch(() => undefined);
  }

  #take(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    clearTimeout(kept.timer);
    return kept;
  }
}

interface Kept {
  readonly driver: PostgresqlDriver;
  readonly timer: NodeJS.Timeout;
  /** Fulfilled once nothing is left of what it was used for; `false` where something is. */
  readonly isClean: Promise<boolean>;
}

/** Milliseconds. */
const keptMs = 1_000;

/** What of an address tells one session from another. */
function keyOf({ host, port, user, password, database }: ServerAddress): string {
  return JSON.stringify([host, port, user, password, database]);
}
