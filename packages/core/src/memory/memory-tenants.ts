import type { Clock } from "../contracts/clock.ts";
import type { TenantChanges, TenantRegistry } from "../contracts/registry.ts";
import type { TenantDomain, TenantRecord } from "../contracts/tenant.ts";
import {
  DomainTakenError,
  SlugTakenError,
  StaleTenantError,
  TenantExistsError,
} from "../errors/registry-errors.ts";
import { TenantNotFoundError } from "../errors/resolution-errors.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Writes tenants and domains into the tables of one transaction. Everything is checked before anything is written. */
export class MemoryTenants implements TenantRegistry {
  readonly #tables: () => RegistryTables;
  readonly #clock: Clock;

  constructor(tables: () => RegistryTables, clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
  }

  async insert(tenant: TenantRecord, domains: readonly TenantDomain[]): Promise<void> {
    const tables = this.#tables();
    if (tables.usedIds.get(tenant.id) !== undefined) throw new TenantExistsError(tenant.id);
    if (tables.slugs.get(tenant.slug) !== undefined) throw new SlugTakenError(tenant.slug);
    checkDomains(tables, tenant.id, domains);
    tables.usedIds.set(tenant.id, tenant.id);
    tables.slugs.set(tenant.slug, tenant.id);
    tables.tenants.set(tenant.id, frozenCopy(tenant));
    writeDomains(tables, tenant.id, domains);
  }

  async update(id: string, version: number, changes: TenantChanges): Promise<TenantRecord> {
    const tables = this.#tables();
    const current = currentVersion(tables, id, version);
    const next = frozenCopy({
      ...current,
      ...changes,
      id,
      version: version + 1,
      createdAt: current.createdAt,
      createdBy: current.createdBy,
      lastAccessedAt: current.lastAccessedAt,
      updatedBy: changes.updatedBy,
      updatedAt: this.#clock.now(),
    });
    if (next.slug !== current.slug) {
      if (tables.slugs.get(next.slug) !== undefined) throw new SlugTakenError(next.slug);
      tables.slugs.delete(current.slug);
      tables.slugs.set(next.slug, id);
    }
    tables.tenants.set(id, next);
    return next;
  }

  async remove(id: string, version: number): Promise<void> {
    const tables = this.#tables();
    const { slug } = currentVersion(tables, id, version);
    tables.tenants.delete(id);
    tables.slugs.delete(slug);
    removeDomains(tables, id);
  }

  async domains(id: string): Promise<readonly TenantDomain[]> {
    return this.#tables().domains.get(id) ?? [];
  }

  async setDomains(id: string, domains: readonly TenantDomain[]): Promise<void> {
    const tables = this.#tables();
    if (tables.tenants.get(id) === undefined) throw new TenantNotFoundError("id", id);
    checkDomains(tables, id, domains);
    const challenges = domains.map(({ name }) => [name, ownChallenge(tables, id, name)] as const);
    removeDomains(tables, id);
    writeDomains(tables, id, domains);
    for (const [name, hash] of challenges) {
      if (hash !== undefined) tables.challenges.set(name, hash);
    }
  }
}

function currentVersion(tables: RegistryTables, id: string, version: number): TenantRecord {
  const current = tables.tenants.get(id);
  if (current?.version !== version) throw new StaleTenantError(id, version);
  return current;
}

function checkDomains(tables: RegistryTables, id: string, domains: readonly TenantDomain[]): void {
  const names = new Set<string>();
  for (const { name } of domains) {
    const owner = tables.domainOwners.get(name);
    if ((owner !== undefined && owner !== id) || names.has(name)) throw new DomainTakenError(name);
    names.add(name);
  }
}

function writeDomains(tables: RegistryTables, id: string, domains: readonly TenantDomain[]): void {
  const primaryFirst = [...domains].sort((one, other) => +other.primary - +one.primary);
  tables.domains.set(id, frozenCopy(primaryFirst));
  for (const { name } of domains) tables.domainOwners.set(name, id);
}

function removeDomains(tables: RegistryTables, id: string): void {
  for (const { name } of tables.domains.get(id) ?? []) {
    tables.domainOwners.delete(name);
    tables.challenges.delete(name);
  }
  tables.domains.delete(id);
}

function ownChallenge(tables: RegistryTables, id: string, name: string): string | undefined {
  return tables.domainOwners.get(name) === id ? tables.challenges.get(name) : undefined;
}
