import {
  type Clock,
  type SeederDone,
  SeedingLockedError,
  type SeedRequest,
  type Tenant,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { RunSql } from "../connection/dialect.ts";
import type { TenantEntityManager } from "../tenants/tenant-entity-manager.ts";
import type { RowSeeder, SeederContext, SeederFunction } from "./seeder.ts";
import type { SeederDialect } from "./seeder-dialect.ts";
import type { SeederRecord, SeederRecords } from "./seeder-records.ts";
import type { SeederWatch } from "./seeder-watch.ts";

/** What one seeder of one tenant is run with. */
export interface SeederParts {
  readonly tenant: Tenant;
  readonly name: string;
  readonly request: SeedRequest;
  readonly records: SeederRecords;
  readonly dialect: SeederDialect;
  readonly watch: SeederWatch;
  readonly clock: Pick<Clock, "now">;
}

/** Runs one seeder in the scope of its tenant. */
export class SeederRun {
  readonly #em: TenantEntityManager;
  readonly #parts: SeederParts;
  readonly #signal: AbortSignal;

  constructor(em: TenantEntityManager, parts: SeederParts) {
    this.#em = em;
    this.#parts = parts;
    this.#signal = parts.request.signal ?? new AbortController().signal;
  }

  /** Runs a function in one transaction, in which it is remembered as well. */
  async once(seeder: SeederFunction): Promise<SeederDone> {
    const { clock, watch, request } = this.#parts;
    const ran = await this.#claimed(async (em, record, save) => {
      if (record.finishedAt !== undefined && request.again !== true) return false;
      await seeder(this.#context(em));
      await em.flush();
      await save({ taken: 0, inserted: watch.rows, finishedAt: clock.now() });
      return true;
    });
    return this.#report(ran);
  }

  /** Writes rows in batches; each is remembered in its own transaction, so that none is written twice. */
  async stream(seeder: RowSeeder): Promise<SeederDone> {
    const begun = await this.#begin();
    if (begun === undefined) return this.#report(false);
    const { batch = 1_000, entity } = seeder;
    const { clock, watch } = this.#parts;
    const already = begun.inserted;
    let taken = begun.taken;
    for await (const rows of batches(seeder.rows(this.#context(this.#em)), batch, taken)) {
      this.#signal.throwIfAborted();
      await this.#goOn(taken, async (em, save) => {
        await em.insertMany(entity, rows);
        await save({
          taken: taken + rows.length,
          inserted: already + watch.rows,
          finishedAt: undefined,
        });
      });
      taken += rows.length;
      this.#tell(taken);
    }
    this.#signal.throwIfAborted();
    const finished = { taken, inserted: already + watch.rows, finishedAt: clock.now() };
    await this.#goOn(taken, (_em, save) => save(finished));
    return this.#report(true);
  }

  /** Tells after how many rows the stream goes on; `undefined` where it had come to its end. */
  #begin(): Promise<SeederRecord | undefined> {
    return this.#claimed(async (_em, record, save) => {
      if (record.finishedAt === undefined) return record;
      if (this.#parts.request.again !== true) return undefined;
      const fresh = { taken: 0, inserted: 0, finishedAt: undefined };
      await save(fresh);
      return fresh;
    });
  }

  /** Throws `SeedingLockedError` when another process has gone on meanwhile. */
  #goOn(
    taken: number,
    work: (em: SqlEntityManager, save: SaveRecord) => Promise<void>,
  ): Promise<void> {
    return this.#claimed(async (em, record, save) => {
      if (record.taken !== taken || record.finishedAt !== undefined) throw this.#locked();
      await work(em, save);
    });
  }

  /** Works in a transaction that has the seeder's record. */
  async #claimed<R>(
    work: (em: SqlEntityManager, record: SeederRecord, save: SaveRecord) => Promise<R>,
  ): Promise<R> {
    const { records, name, dialect } = this.#parts;
    let isClaimed = false;
    try {
      return await this.#em.transactional(async (em) => {
        const run = runnerIn(em as TenantEntityManager);
        const record = await records.lock(run, name);
        isClaimed = true;
        return work(em, record, (changed) => records.save(run, name, changed));
      });
    } catch (error) {
      if (isClaimed || !dialect.isLocked(error)) throw error;
      throw this.#locked({ cause: error });
    }
  }

  #context(em: SqlEntityManager): SeederContext {
    const { tenant } = this.#parts;
    const signal = this.#signal;
    return { tenant, em, signal, progress: (done, total) => this.#tell(done, total) };
  }

  #tell(done: number, total?: number): void {
    const { tenant, name, request } = this.#parts;
    request.onProgress?.({ tenantId: tenant.id, seeder: name, done, total });
  }

  #report(ran: boolean): SeederDone {
    const { name, watch } = this.#parts;
    return Object.freeze({ name, ran, rows: watch.rows, tables: watch.tables, ...watch.use });
  }

  #locked(options?: ErrorOptions): SeedingLockedError {
    return new SeedingLockedError(this.#parts.tenant.id, this.#parts.name, options);
  }
}

type SaveRecord = (record: SeederRecord) => Promise<void>;

/** Sends SQL that is ours in the transaction of an entity manager, also where only signed SQL is sent. */
function runnerIn(em: TenantEntityManager): RunSql {
  const signature = em.binding?.rows?.signing?.signature;
  const connection = em.getConnection();
  const transaction = em.getTransactionContext();
  return (sql) => {
    const signed = signature === undefined ? sql : sql.replace(" ", ` ${signature} `);
    return connection.execute(signed, [], "all", transaction);
  };
}

/** Gives the rows after the first `skip` in arrays of at most `size`. */
async function* batches(
  rows: Iterable<object> | AsyncIterable<object>,
  size: number,
  skip: number,
): AsyncGenerator<object[]> {
  let left = skip;
  let batch: object[] = [];
  for await (const row of rows) {
    if (left > 0) {
      left -= 1;
      continue;
    }
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
