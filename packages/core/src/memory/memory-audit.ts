import type { Clock } from "../contracts/clock.ts";
import type {
  AuditEntry,
  AuditFilter,
  AuditTrail,
  NewAuditEntry,
} from "../contracts/fleet-records.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes the audit trail into the tables of one transaction. */
export class MemoryAudit implements AuditTrail {
  readonly #tables: () => RegistryTables;
  readonly #clock: Clock;

  constructor(tables: () => RegistryTables, clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
  }

  async append(entry: NewAuditEntry): Promise<void> {
    const { audit, sequences } = this.#tables();
    const sequence = (sequences.get(numbers) ?? 0) + 1;
    sequences.set(numbers, sequence);
    audit.set(sequence, frozenCopy({ ...entry, sequence, at: this.#clock.now() }));
  }

  async list({ limit = 100, ...filter }: AuditFilter = {}): Promise<readonly AuditEntry[]> {
    const entries = [...this.#tables().audit.values()].filter((entry) => matches(entry, filter));
    return entries.sort((one, other) => other.sequence - one.sequence).slice(0, Math.max(limit, 0));
  }

  async prune(before: number): Promise<number> {
    const { audit } = this.#tables();
    const old = [...audit.values()].filter(({ at }) => at < before);
    for (const { sequence } of old) audit.delete(sequence);
    return old.length;
  }
}

/** No sequence of a caller's has a name like this one. */
const numbers = "\0audit";

function matches(entry: AuditEntry, filter: AuditFilter): boolean {
  const { tenantId, actor, action, before } = filter;
  return (
    (tenantId === undefined || entry.tenantId === tenantId) &&
    (actor === undefined || entry.actor === actor) &&
    (action === undefined || entry.action === action) &&
    (before === undefined || entry.sequence < before)
  );
}
