import type { OutboxChange, TenantDomain, TenantRecord } from "@af-tenancy/core";

/** Makes the outbox entry of a change: it names everything by which somebody may have remembered the tenant. */
export function tenantChange(
  type: string,
  tenant: TenantRecord,
  domains: readonly Pick<TenantDomain, "name">[],
  formerSlug = tenant.slug,
): OutboxChange {
  return {
    type,
    tenantId: tenant.id,
    version: tenant.version,
    payload: {
      slugs: [...new Set([formerSlug, tenant.slug])],
      domains: [...new Set(domains.map(({ name }) => name))],
    },
  };
}
