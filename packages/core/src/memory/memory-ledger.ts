import type { DatabaseLedger, LedgerEntry, LedgerFilter } from "../contracts/registry.ts";
import type { Placement } from "../contracts/tenant.ts";
import { DatabaseOwnedError } from "../errors/registry-errors.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes the ledger of physical databases into the tables of one transaction. */
export class MemoryLedger implements DatabaseLedger {
  readonly #tables: () => RegistryTables;

  constructor(tables: () => RegistryTables) {
    this.#tables = tables;
  }

  async record(entry: LedgerEntry): Promise<void> {
    const { ledger } = this.#tables();
    const key = physicalKey(entry.placement);
    const owner = ledger.get(key)?.tenantId ?? entry.tenantId;
    if (owner !== entry.tenantId) {
      throw new DatabaseOwnedError(entry.placement.name, `tenant "${owner}"`);
    }
    ledger.set(key, frozenCopy(entry));
  }

  async find(placement: Placement): Promise<LedgerEntry | undefined> {
    return this.#tables().ledger.get(physicalKey(placement));
  }

  async list({ tenantId, state }: LedgerFilter = {}): Promise<readonly LedgerEntry[]> {
    return [...this.#tables().ledger.values()].filter(
      (one) =>
        (tenantId === undefined || one.tenantId === tenantId) &&
        (state === undefined || one.state === state),
    );
  }

  async forget(placement: Placement): Promise<void> {
    this.#tables().ledger.delete(physicalKey(placement));
  }
}

/** The same name on another server is another database. */
function physicalKey({ driver, server, name }: Placement): string {
  return JSON.stringify([driver, server, name]);
}
