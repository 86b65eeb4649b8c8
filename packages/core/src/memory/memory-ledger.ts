import type { DatabaseLedger, LedgerEntry } from "../contracts/registry.ts";
import type { Placement } from "../contracts/tenant.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes the ledger of physical databases into the tables of one transaction. */
export class MemoryLedger implements DatabaseLedger {
  readonly #tables: () => RegistryTables;

  constructor(tables: () => RegistryTables) {
    this.#tables = tables;
  }

  async record(entry: LedgerEntry): Promise<void> {
    this.#tables().ledger.set(physicalKey(entry.placement), frozenCopy(entry));
  }

  async list(tenantId?: string): Promise<readonly LedgerEntry[]> {
    const entries = [...this.#tables().ledger.values()];
    return tenantId === undefined ? entries : entries.filter((one) => one.tenantId === tenantId);
  }

  async forget(placement: Placement): Promise<void> {
    this.#tables().ledger.delete(physicalKey(placement));
  }
}

/** The same name on another server is another database. */
function physicalKey({ driver, server, name }: Placement): string {
  return JSON.stringify([driver, server, name]);
}
