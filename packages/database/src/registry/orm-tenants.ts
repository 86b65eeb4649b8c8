import {
  DomainTakenError,
  SlugTakenError,
  StaleTenantError,
  type TenantChanges,
  type TenantDomain,
  TenantExistsError,
  TenantNotFoundError,
  type TenantRecord,
  type TenantRegistry,
} from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { DomainRow } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";
import { deletion, insertion } from "./registry-statement.ts";
import { columnsOf, tenantOf } from "./tenant-row.ts";

/** Writes tenants and their domains in one transaction, each call wholly or not at all. */
export class OrmTenants implements TenantRegistry {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async insert(tenant: TenantRecord, domains: readonly TenantDomain[]): Promise<void> {
    const { Tenant, Domain } = this.#session.tables;
    const { id, version, createdAt, createdBy, updatedAt, updatedBy, lastAccessedAt } = tenant;
    const row = {
      ...columnsOf(tenant),
      ...{ id, version, createdAt, createdBy: createdBy ?? null },
      ...{ updatedAt, updatedBy: updatedBy ?? null, lastAccessedAt: lastAccessedAt ?? null },
    };
    const statements = [insertion(Tenant, [row])];
    if (domains.length > 0) statements.push(insertion(Domain, rowsOf(id, domains)));
    await this.#session
      .rows()
      .attempt(
        statements,
        async () =>
          (await this.#idTaken(id)) ??
          (await this.#slugTaken(tenant.slug, id)) ??
          (await this.#domainTaken(domains, id)),
      );
  }

  async update(id: string, version: number, changes: TenantChanges): Promise<TenantRecord> {
    const { slug } = changes;
    const { Tenant } = this.#session.tables;
    const written = {
      ...columnsOf(changes),
      version: version + 1,
      updatedBy: changes.updatedBy ?? null,
      updatedAt: raw<number>(this.#session.now),
    };
    // Transactions of a registry come one after the other, so that nobody takes it in between.
    const taken = slug !== undefined && (await this.#slugTaken(slug, id));
    if (taken) throw taken;
    const expected = { version, removedAt: null };
    const changed = await this.#session.rows().update(Tenant, { id }, expected, written);
    if (changed === undefined) throw new StaleTenantError(id, version);
    return tenantOf(changed);
  }

  /** Leaves the id behind, so that no later tenant gets it. */
  async remove(id: string, version: number): Promise<void> {
    const { Tenant, Domain } = this.#session.entities;
    const em = this.#session.em();
    const removed = await em.nativeUpdate(
      Tenant,
      { id, version, removedAt: null },
      {
        ...{ slug: null, name: "", metadata: "{}", plan: null, maintenance: null },
        ...{ createdBy: null, updatedBy: null },
        ...columnsOf({ placement: undefined }),
        removedAt: raw<number>(this.#session.now),
      },
    );
    if (removed === 0) throw new StaleTenantError(id, version);
    await em.nativeDelete(Domain, { tenantId: id });
  }

  async domains(id: string): Promise<readonly TenantDomain[]> {
    const { Domain } = this.#session.tables;
    const order = `order by ${Domain.columns.get("position")?.name}`;
    const rows = await this.#session.rows().list(Domain, { tenantId: id }, order);
    return rows.map(({ name, primary, verifiedAt }) =>
      Object.freeze({ name, primary, verifiedAt: verifiedAt ?? undefined }),
    );
  }

  async setDomains(id: string, domains: readonly TenantDomain[]): Promise<void> {
    const { Tenant, Domain } = this.#session.tables;
    const rows = this.#session.rows();
    if ((await rows.find(Tenant, { id, removedAt: null })) === undefined) {
      throw new TenantNotFoundError("id", id);
    }
    const before = await rows.list(Domain, { tenantId: id });
    const statements = [
      ...(before.length > 0 ? [deletion(Domain, { tenantId: id })] : []),
      ...(domains.length > 0 ? [insertion(Domain, rowsOf(id, domains, before))] : []),
    ];
    if (statements.length > 0) await rows.attempt(statements, () => this.#domainTaken(domains, id));
  }

  async #idTaken(id: string): Promise<Error | undefined> {
    const { Tenant } = this.#session.entities;
    const taken = (await this.#session.em().count(Tenant, { id })) > 0;
    return taken ? new TenantExistsError(id) : undefined;
  }

  async #slugTaken(slug: string, id: string): Promise<Error | undefined> {
    const { Tenant } = this.#session.tables;
    const taken = await this.#session.rows().find(Tenant, { slug });
    return taken === undefined || taken.id === id ? undefined : new SlugTakenError(slug);
  }

  async #domainTaken(
    domains: readonly TenantDomain[],
    tenantId: string,
  ): Promise<Error | undefined> {
    const names = domains.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) return new DomainTakenError(twice);
    const { Domain } = this.#session.entities;
    const taken = await this.#session
      .em()
      .findOne(Domain, { name: { $in: names }, tenantId: { $ne: tenantId } }, fresh);
    return taken === null ? undefined : new DomainTakenError(taken.name);
  }
}

/** The rows of a tenant's domains, of which those that it had `before` keep their challenges. */
function rowsOf(
  tenantId: string,
  domains: readonly TenantDomain[],
  before: readonly DomainRow[] = [],
): Omit<DomainRow, symbol>[] {
  const primaryFirst = [...domains].sort((one, other) => +other.primary - +one.primary);
  return primaryFirst.map(({ name, primary, verifiedAt }, position) => ({
    ...{ name, tenantId, primary, position },
    verifiedAt: verifiedAt ?? null,
    tokenHash: before.find((row) => row.name === name)?.tokenHash ?? null,
  }));
}

/** Rows are read as they stand and remembered nowhere. */
const fresh = { disableIdentityMap: true } as const;
