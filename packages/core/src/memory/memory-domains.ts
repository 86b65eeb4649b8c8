import type { Clock } from "../contracts/clock.ts";
import type {
  DomainDirectory,
  DomainFilter,
  RegisteredDomain,
} from "../contracts/fleet-records.ts";
import type { Outbox } from "../contracts/outbox.ts";
import { domainMissing, domainProved, tokenHash } from "../domain-token.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Reads the domains of all tenants from the tables of one transaction, and proves them. */
export class MemoryDomains implements DomainDirectory {
  readonly #tables: () => RegistryTables;
  readonly #clock: Clock;
  readonly #outbox: Outbox;

  constructor(tables: () => RegistryTables, clock: Clock, outbox: Outbox) {
    this.#tables = tables;
    this.#clock = clock;
    this.#outbox = outbox;
  }

  async list({ limit = 500, ...filter }: DomainFilter = {}): Promise<readonly RegisteredDomain[]> {
    const all: RegisteredDomain[] = [];
    for (const id of new Set(this.#tables().domainOwners.values())) all.push(...this.#of(id));
    const listed = all.filter((domain) => matches(domain, filter));
    return listed
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .slice(0, Math.max(limit, 0));
  }

  async find(name: string): Promise<RegisteredDomain | undefined> {
    const owner = this.#tables().domainOwners.get(name);
    return owner === undefined ? undefined : this.#of(owner).find((one) => one.name === name);
  }

  async challenge(tenantId: string, name: string, token: string): Promise<void> {
    if (this.#tables().domainOwners.get(name) !== tenantId) throw domainMissing(name);
    this.#tables().challenges.set(name, tokenHash(token));
  }

  async prove(tenantId: string, name: string, token: string): Promise<boolean> {
    const { domainOwners, challenges, domains, tenants } = this.#tables();
    if (domainOwners.get(name) !== tenantId) return false;
    if (challenges.get(name) !== tokenHash(token)) return false;
    const verifiedAt = this.#clock.now();
    const proved = (domains.get(tenantId) ?? []).map((domain) =>
      domain.name === name ? { ...domain, verifiedAt } : domain,
    );
    domains.set(tenantId, frozenCopy(proved));
    challenges.delete(name);
    const tenant = tenants.get(tenantId);
    if (tenant === undefined) return true;
    const changed = frozenCopy({ ...tenant, version: tenant.version + 1 });
    tenants.set(tenantId, changed);
    await this.#outbox.append(domainProved(changed, name));
    return true;
  }

  #of(tenantId: string): readonly RegisteredDomain[] {
    const { domains, challenges } = this.#tables();
    return (domains.get(tenantId) ?? []).map((domain) =>
      Object.freeze({ ...domain, tenantId, challenged: challenges.get(domain.name) !== undefined }),
    );
  }
}

function matches(
  domain: RegisteredDomain,
  { tenantId, tenantIds, verified, after }: DomainFilter,
): boolean {
  return (
    (tenantId === undefined || domain.tenantId === tenantId) &&
    (tenantIds?.includes(domain.tenantId) ?? true) &&
    (verified === undefined || (domain.verifiedAt !== undefined) === verified) &&
    (after === undefined || domain.name > after)
  );
}
