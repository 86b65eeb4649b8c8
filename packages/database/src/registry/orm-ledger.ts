import {
  type DatabaseLedger,
  DatabaseOwnedError,
  type LedgerEntry,
  type LedgerFilter,
  type Placement,
} from "@af-tenancy/core";
import { UniqueConstraintViolationException } from "@mikro-orm/sql";
import type { DatabaseRow } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";
import { insertion } from "./registry-statement.ts";

/** Writes the ledger of physical databases in one transaction. */
export class OrmLedger implements DatabaseLedger {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async record({ tenantId, placement, state }: LedgerEntry): Promise<void> {
    const { Database } = this.#session.tables;
    const { strategy, generation, secret } = placement;
    const rows = this.#session.rows();
    const entry = { tenantId, strategy, generation, secret: secret ?? null, state };
    const key = keyOf(placement);
    // Nearly always one that is being made is not known, and any other one is.
    if (state === "creating") {
      if (await this.#add({ ...key, ...entry })) return;
    } else if (await rows.set(Database, { ...key, tenantId }, entry)) return;
    // Transactions of a registry come one after the other, so that nobody writes in between.
    const known = await this.find(placement);
    if (known !== undefined && known.tenantId !== tenantId) {
      throw new DatabaseOwnedError(placement.name, `tenant "${known.tenantId}"`);
    }
    if (known === undefined) await rows.insert(Database, { ...key, ...entry });
    else await rows.set(Database, key, entry);
  }

  async find(placement: Placement): Promise<LedgerEntry | undefined> {
    const row = await this.#session.rows().find(this.#session.tables.Database, keyOf(placement));
    return row && entryOf(row);
  }

  async list({ tenantId, state }: LedgerFilter = {}): Promise<readonly LedgerEntry[]> {
    const { Database } = this.#session.entities;
    const where = { ...(tenantId !== undefined && { tenantId }), ...(state && { state }) };
    const rows = await this.#session.em().find(Database, where, { disableIdentityMap: true });
    return rows.map(entryOf);
  }

  /** Tells whether there was none of its name. */
  async #add(row: Partial<DatabaseRow>): Promise<boolean> {
    const { Database } = this.#session.tables;
    try {
      await this.#session.rows().attempt([insertion(Database, [row])], async () => undefined);
      return true;
    } catch (error) {
      if (error instanceof UniqueConstraintViolationException) return false;
      throw error;
    }
  }

  async forget(placement: Placement): Promise<void> {
    await this.#session.em().nativeDelete(this.#session.entities.Database, keyOf(placement));
  }
}

/** The same name on another server is another database. */
function keyOf({ driver, server, name }: Placement) {
  return { driver, server, name };
}

function entryOf(row: DatabaseRow): LedgerEntry {
  const { driver, server, name, strategy, generation, secret } = row;
  return Object.freeze({
    tenantId: row.tenantId,
    placement: Object.freeze({
      ...{ driver, server, name, strategy, generation },
      secret: secret ?? undefined,
    }),
    state: row.state,
  });
}
