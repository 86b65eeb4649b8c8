import type { Outbox, OutboxChange, OutboxEntry } from "@af-tenancy/core";
import type { RegistrySession } from "./registry-session.ts";

/** Writes changes in the transaction that made them; the database numbers them. */
export class OrmOutbox implements Outbox {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async append({ type, tenantId, version, payload }: OutboxChange): Promise<number> {
    const { Change } = this.#session.entities;
    return await this.#session
      .em()
      .insert(Change, { type, tenantId, version, payload: JSON.stringify(payload) });
  }

  async readAfter(sequence: number, limit: number): Promise<readonly OutboxEntry[]> {
    if (limit <= 0) return [];
    const { Change } = this.#session.entities;
    const rows = await this.#session
      .em()
      .find(
        Change,
        { sequence: { $gt: sequence } },
        { disableIdentityMap: true, orderBy: { sequence: "asc" }, limit },
      );
    return rows.map(({ payload, ...row }) =>
      Object.freeze({
        ...{ sequence: row.sequence, type: row.type, tenantId: row.tenantId },
        ...{ version: row.version, payload: JSON.parse(payload) },
      }),
    );
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
