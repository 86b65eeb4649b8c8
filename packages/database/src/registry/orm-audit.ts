import type { AuditEntry, AuditFilter, AuditTrail, NewAuditEntry } from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { AuditRow } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Writes the audit trail in one transaction. */
export class OrmAudit implements AuditTrail {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async append({ action, tenantId, actor, cause, details }: NewAuditEntry): Promise<void> {
    await this.#session.rows().insert(this.#session.tables.AuditEntry, {
      ...{ action, at: raw<number>(this.#session.now), details: JSON.stringify(details) },
      ...{ tenantId: tenantId ?? null, actor: actor ?? null },
      ...{ requestId: cause.requestId ?? null, reason: cause.reason ?? null },
    });
  }

  async list(filter: AuditFilter = {}): Promise<readonly AuditEntry[]> {
    const { tenantId, actor, action, before, limit = 100 } = filter;
    if (limit <= 0) return [];
    const rows = await this.#session.em().find(
      this.#session.entities.AuditEntry,
      {
        ...(tenantId !== undefined && { tenantId }),
        ...(actor !== undefined && { actor }),
        ...(action !== undefined && { action }),
        ...(before !== undefined && { sequence: { $lt: before } }),
      },
      { disableIdentityMap: true, orderBy: { sequence: "desc" }, limit },
    );
    return rows.map(entryOf);
  }

  async prune(before: number): Promise<number> {
    const { AuditEntry } = this.#session.entities;
    return this.#session.em().nativeDelete(AuditEntry, { at: { $lt: before } });
  }
}

function entryOf(row: AuditRow): AuditEntry {
  const cause = {
    ...(row.requestId != null && { requestId: row.requestId }),
    ...(row.reason != null && { reason: row.reason }),
  };
  return Object.freeze({
    ...{ sequence: row.sequence, at: row.at, action: row.action },
    tenantId: row.tenantId ?? undefined,
    actor: row.actor ?? undefined,
    cause: Object.freeze(cause),
    details: JSON.parse(row.details),
  });
}
