import {
  type CacheEntries,
  type CacheEntry,
  type CacheKey,
  CacheUnavailableError,
  type Clock,
  InvalidInputError,
  isTransient,
} from "@af-tenancy/core";
import {
  DeadlockException,
  type EntityName,
  FlushMode,
  LockWaitTimeoutException,
  type SqlEntityManager,
} from "@mikro-orm/sql";
import { TenantReadOnlyError } from "../errors.ts";
import { type Row, tableOf } from "./table-of.ts";

/** The entries of one database, whose owner they share with it. */
export class DatabaseEntries implements CacheEntries {
  readonly #em: () => SqlEntityManager;
  readonly #clock: Clock;
  readonly #isTimeToSweep: () => boolean;

  /** `isTimeToSweep` is asked at each write, and true now and then. */
  constructor(em: () => SqlEntityManager, clock: Clock, isTimeToSweep: () => boolean) {
    this.#em = em;
    this.#clock = clock;
    this.#isTimeToSweep = isTimeToSweep;
  }

  async getMany(keys: readonly CacheKey[]): Promise<readonly (string | undefined)[]> {
    return this.#run(async (em) => {
      const found = new Map<string, string>();
      for (const isValue of [true, false]) {
        const names = keys.filter((key) => isOfValues(key) === isValue).map(nameOf);
        if (names.length === 0) continue;
        const rows = await em.find(tableOf(em, isValue), { key: { $in: names } }, reading);
        for (const row of rows) {
          if (this.#isAlive(row)) found.set(`${isValue} ${row.key}`, textOf(row));
        }
      }
      return keys.map((key) => found.get(`${isOfValues(key)} ${nameOf(key)}`));
    });
  }

  async setMany(entries: readonly CacheEntry[], ttl: number): Promise<void> {
    await this.#run(async (em) => {
      const expiresAt = this.#clock.now() + ttl;
      for (const isValue of [true, false]) {
        const rows = entries
          .filter(({ key }) => isOfValues(key) === isValue)
          .map(({ key, text }) => rowOf(key, text, expiresAt));
        // Sorted, so that two who write the same rows wait for each other.
        rows.sort((one, other) => (one.key < other.key ? -1 : 1));
        if (rows.length > 0) await upsert(em, tableOf(em, isValue), rows);
      }
      await this.#sweep(em);
    });
  }

  async deleteMany(keys: readonly CacheKey[]): Promise<number> {
    return this.#run(async (em) => {
      let gone = 0;
      for (const isValue of [true, false]) {
        const names = keys.filter((key) => isOfValues(key) === isValue).map(nameOf);
        if (names.length === 0) continue;
        const where = { key: { $in: names } };
        gone += await em.nativeDelete(tableOf(em, isValue), where, unfiltered);
      }
      return gone;
    });
  }

  async replace(
    key: CacheKey,
    expected: string | undefined,
    text: string | undefined,
    ttl?: number,
  ): Promise<boolean> {
    return this.#run(async (em) => {
      if (key.kind === "lock" && em.isInTransaction()) {
        const rule =
          "take locks before the transaction, and give them back after it: inside nobody else sees them";
        throw new InvalidInputError("lock", key.name, rule);
      }
      const table = tableOf(em, isOfValues(key));
      if (expected === undefined) return this.#begin(em, table, key, text, ttl);
      const now = this.#clock.now();
      const present = { key: nameOf(key), ...textIn(key, expected) };
      const alive = { ...present, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
      if (text === undefined) return (await em.nativeDelete(table, alive, unfiltered)) > 0;
      const time = ttl === undefined ? {} : { expiresAt: now + ttl };
      const changes = { ...textIn(key, text), ...time };
      return (await em.nativeUpdate(table, alive, changes, unfiltered)) > 0;
    });
  }

  isApart(): boolean {
    return this.#em().isInTransaction();
  }

  async clear(): Promise<void> {
    await this.#run((em) => em.nativeDelete(tableOf(em, true), {}, unfiltered));
  }

  /** Writes where nothing is, or nothing any more. */
  async #begin(
    em: SqlEntityManager,
    table: EntityName<Row>,
    key: CacheKey,
    text: string | undefined,
    ttl = 0,
  ): Promise<boolean> {
    const now = this.#clock.now();
    const name = nameOf(key);
    if (text === undefined) return (await this.getMany([key]))[0] === undefined;
    const over = { key: name, expiresAt: { $lte: now } };
    const row = rowOf(key, text, now + ttl);
    if ((await em.nativeUpdate(table, over, row, unfiltered)) > 0) return true;
    const inserted = await em
      .createQueryBuilder(table)
      .insert(row)
      .onConflict(["key"])
      .ignore()
      .execute<{ readonly affectedRows: number }>("run");
    return inserted.affectedRows > 0;
  }

  #isAlive({ expiresAt }: Row): boolean {
    return expiresAt === null || expiresAt > this.#clock.now();
  }

  /** Rows whose time is over are removed now and then by whoever writes. */
  async #sweep(em: SqlEntityManager): Promise<void> {
    if (!this.#isTimeToSweep() || em.isInTransaction()) return;
    const over = { expiresAt: { $lte: this.#clock.now() } };
    for (const isValue of [true, false]) {
      await em.nativeDelete(tableOf(em, isValue), over, unfiltered);
    }
  }

  /** What fails in a transaction fails the transaction; else a cache that cannot be used now is none. */
  async #run<R>(work: (em: SqlEntityManager) => Promise<R>): Promise<R> {
    const em = this.#em();
    try {
      return await work(em);
    } catch (cause) {
      if (em.isInTransaction() || !passesByItself(cause)) throw cause;
      throw new CacheUnavailableError("its tenant's database cannot be used now", { cause });
    }
  }
}

const unfiltered = { filters: false } as const;
const reading = { ...unfiltered, disableIdentityMap: true, flushMode: FlushMode.COMMIT } as const;

/** Values have a table with nothing but what the application named. */
function isOfValues({ kind }: CacheKey): boolean {
  return kind === "value";
}

function nameOf({ kind, name }: CacheKey): string {
  return kind === "value" ? name : `${kind}:${name}`;
}

function textIn(key: CacheKey, text: string): object {
  return isOfValues(key) ? { value: text } : { owner: text };
}

function textOf({ value, owner }: Row): string {
  return value ?? owner ?? "";
}

function rowOf(key: CacheKey, text: string, expiresAt: number): Row {
  return { key: nameOf(key), ...textIn(key, text), expiresAt };
}

/** The key as well: where a table takes two texts for one key, the row is the later one's. */
async function upsert(
  em: SqlEntityManager,
  table: EntityName<Row>,
  rows: readonly Row[],
): Promise<void> {
  await em
    .createQueryBuilder(table)
    .insert([...rows])
    .onConflict(["key"])
    .merge(Object.keys(rows[0] ?? {}) as (keyof Row)[])
    .execute("run");
}

function passesByItself(error: unknown): boolean {
  return (
    isTransient(error) ||
    error instanceof TenantReadOnlyError ||
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException
  );
}
