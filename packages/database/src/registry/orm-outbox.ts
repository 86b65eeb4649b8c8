import type { Outbox, OutboxChange, OutboxEntry } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
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

  async append({ type, tenantId, version, payload }: OutboxChange): Promise<number> {
    const { Change } = this.#session.entities;
    const text = JSON.stringify(payload);
    const row = { type, tenantId, version };
    const sequence = Number(await this.#session.em().insert(Change, { ...row, payload: text }));
    this.#appended.push(Object.freeze({ ...row, sequence, payload: JSON.parse(text) }));
    return sequence;
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
  return rows.map(({ payload, ...row }) =>
    Object.freeze({
      ...{ sequence: row.sequence, type: row.type, tenantId: row.tenantId },
      ...{ version: row.version, payload: JSON.parse(payload) },
    }),
  );
}
