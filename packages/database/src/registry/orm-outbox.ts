import type { Outbox, OutboxChange, OutboxEntry } from "@af-tenancy/core";
import { raw, type SqlEntityManager } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Writes changes in the transaction that made them; the database numbers them. */
export class OrmOutbox implements Outbox {
  readonly #session: RegistrySession;
  readonly #appended: OutboxEntry[];

  /** Adds what is appended to the list, too. */
  constructor(session: RegistrySession, appended: OutboxEntry[]) {
    this.#session = session;
    this.#appended = appended;
  }

  async append(change: OutboxChange): Promise<number> {
    const { Change } = this.#session.tables;
    const row = rowOf(change);
    const sequence = await this.#session.rows().number(Change, this.#timed(row), "sequence");
    this.#appended.push(entryOf({ ...row, sequence }));
    return sequence;
  }

  /** Not every driver tells what numbers it gave; nobody else writes before this transaction ends. */
  async appendAll(changes: readonly OutboxChange[]): Promise<void> {
    const { tables, entities } = this.#session;
    const { Change } = entities;
    const em = this.#session.em();
    for (let from = 0; from < changes.length; from += chunk) {
      const rows = changes.slice(from, from + chunk).map(rowOf);
      await this.#session.rows().insert(tables.Change, ...rows.map((row) => this.#timed(row)));
      const latest = { ...fresh, orderBy: { sequence: "desc" }, limit: rows.length } as const;
      const written = await em.find(Change, {}, latest);
      this.#appended.push(...written.reverse().map(entryOf));
    }
  }

  async readAfter(sequence: number, limit: number): Promise<readonly OutboxEntry[]> {
    return changesAfter(this.#session.em(), this.#session.entities, sequence, limit);
  }

  async cursor(consumer: string): Promise<number> {
    const { Cursor } = this.#session.entities;
    const found = await this.#session
      .em()
      .findOne(Cursor, { consumer }, { disableIdentityMap: true });
    return found?.sequence ?? 0;
  }

  async moveCursor(consumer: string, sequence: number): Promise<void> {
    const { Cursor } = this.#session.entities;
    const em = this.#session.em();
    const forward = () =>
      em.nativeUpdate(Cursor, { consumer, sequence: { $lt: sequence } }, { sequence });
    if ((await forward()) > 0 || (await em.count(Cursor, { consumer })) > 0) return;
    await em.insert(Cursor, { consumer, sequence });
  }

  async retire(consumer: string): Promise<void> {
    await this.#session.em().nativeDelete(this.#session.entities.Cursor, { consumer });
  }

  #timed(row: ChangeRow) {
    return { ...row, at: raw<number>(this.#session.now) };
  }
}

/** How many rows one statement has at most. */
const chunk = 500;

/** Rows are read as they stand and remembered nowhere. */
const fresh = { disableIdentityMap: true } as const;

type ChangeRow = Omit<OutboxChange, "payload"> & { readonly payload: string };

function rowOf({ type, tenantId, version, payload }: OutboxChange): ChangeRow {
  return { type, tenantId, version, payload: JSON.stringify(payload) };
}

/** Gives committed changes after a sequence number, of one tenant or of all, oldest first. */
export async function changesAfter(
  em: SqlEntityManager,
  { Change }: RegistryEntities,
  sequence: number,
  limit: number,
  tenantId?: string,
): Promise<readonly OutboxEntry[]> {
  if (limit <= 0) return [];
  const rows = await em.find(
    Change,
    { sequence: { $gt: sequence }, ...(tenantId !== undefined && { tenantId }) },
    { disableIdentityMap: true, orderBy: { sequence: "asc" }, limit },
  );
  return rows.map(entryOf);
}

function entryOf({
  sequence,
  type,
  tenantId,
  version,
  payload,
}: ChangeRow & { readonly sequence: number }): OutboxEntry {
  return Object.freeze({ sequence, type, tenantId, version, payload: JSON.parse(payload) });
}
