import {
  type DomainDirectory,
  type DomainFilter,
  domainMissing,
  domainProved,
  type Outbox,
  type RegisteredDomain,
  tokenHash,
} from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { DomainRow } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Reads the domains of all tenants in one transaction, and proves them. */
export class OrmDomains implements DomainDirectory {
  readonly #session: RegistrySession;
  readonly #outbox: Outbox;

  constructor(session: RegistrySession, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
  }

  async list(filter: DomainFilter = {}): Promise<readonly RegisteredDomain[]> {
    const { tenantId, tenantIds, verified, after, limit = 500 } = filter;
    if (limit <= 0) return [];
    const rows = await this.#session.em().find(
      this.#session.entities.Domain,
      {
        ...(tenantIds !== undefined && { tenantId: { $in: [...tenantIds] } }),
        ...(tenantId !== undefined && { tenantId }),
        ...(verified !== undefined && { verifiedAt: verified ? { $ne: null } : null }),
        ...(after !== undefined && { name: { $gt: after } }),
      },
      { disableIdentityMap: true, orderBy: { name: "asc" }, limit },
    );
    return rows.map(domainOf);
  }

  async find(name: string): Promise<RegisteredDomain | undefined> {
    const { Domain } = this.#session.entities;
    const row = await this.#session.em().findOne(Domain, { name }, { disableIdentityMap: true });
    return row === null ? undefined : domainOf(row);
  }

  async challenge(tenantId: string, name: string, token: string): Promise<void> {
    const { Domain } = this.#session.entities;
    const em = this.#session.em();
    const hash = { tokenHash: tokenHash(token) };
    if ((await em.count(Domain, { name, tenantId })) === 0) throw domainMissing(name);
    await em.nativeUpdate(Domain, { name, tenantId }, hash);
  }

  async prove(tenantId: string, name: string, token: string): Promise<boolean> {
    const { Domain, Tenant } = this.#session.entities;
    const em = this.#session.em();
    const proved = await em.nativeUpdate(
      Domain,
      { name, tenantId, tokenHash: tokenHash(token) },
      { tokenHash: null, verifiedAt: raw<number>(this.#session.now) },
    );
    if (proved === 0) return false;
    await em.nativeUpdate(Tenant, { id: tenantId }, { version: raw<number>("version + 1") });
    const { id, slug, version } = await em.findOneOrFail(
      Tenant,
      { id: tenantId },
      { disableIdentityMap: true },
    );
    await this.#outbox.append(domainProved({ id, slug: slug ?? "", version }, name));
    return true;
  }
}

function domainOf(row: DomainRow): RegisteredDomain {
  return Object.freeze({
    ...{ name: row.name, tenantId: row.tenantId, primary: row.primary },
    verifiedAt: row.verifiedAt ?? undefined,
    challenged: row.tokenHash != null,
  });
}
