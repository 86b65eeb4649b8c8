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
    const driver = this.#take(key) ?? (await this.#open(key, address));
    try {
      const result = await work({ driver, run: sqlRunner(await driver.acquireConnection()) });
      await driver.releaseConnection();
      // Behind a pooler it is the pooler that keeps sessions.
      if (!address.pooler && !this.#kept.has(key)) {
        this.#keep(key, driver);
        return result;
      }
      await driver.destroy();
      return result;
    } catch (error) {
      await driver.destroy();
      throw error;
    }
  }

  /** Closes those that nobody uses. */
  async close(): Promise<void> {
    const kept = [...this.#kept.keys()].map((key) => this.#take(key)?.destroy());
    await Promise.all(kept);
  }

  async #open(key: string, address: ServerAddress): Promise<PostgresqlDriver> {
    const driver = await this.#servers.open(address);
    driver.onLost(() => {
      if (this.#kept.get(key)?.driver === driver) this.#leave(key);
    });
    return driver;
  }

  #keep(key: string, driver: PostgresqlDriver): void {
    const timer = setTimeout(() => this.#leave(key), keptMs).unref();
    this.#kept.set(key, { driver, timer });
  }

  /** Nobody waits for the goodbye of a session that has done its work. */
  #leave(key: string): void {
    this.#take(key)
      ?.destroy()
      .catch(() => undefined);
  }

  #take(key: string): PostgresqlDriver | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    clearTimeout(kept.timer);
    return kept.driver;
  }
}

interface Kept {
  readonly driver: PostgresqlDriver;
  readonly timer: NodeJS.Timeout;
}

/** Milliseconds. */
const keptMs = 1_000;

/** What of an address tells one session from another. */
function keyOf({ host, port, user, password, database }: ServerAddress): string {
  return JSON.stringify([host, port, user, password, database]);
}
