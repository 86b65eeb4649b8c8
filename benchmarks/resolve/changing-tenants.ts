import { setTimeout } from "node:timers/promises";
import type { CentralRegistry } from "@af-tenancy/core";

/** Changes so many tenants a minute, each in a transaction of its own, as another process would. */
export async function changingTenants(
  registry: CentralRegistry,
  perMinute: number,
  next: () => string,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    const slug = next();
    const tenant = await registry.store.find({ by: "slug", value: slug });
    if (tenant !== undefined) {
      await registry.transaction(async ({ tenants, outbox }) => {
        const { id, version } = await tenants.update(tenant.id, tenant.version, { plan: "other" });
        const payload = { slugs: [slug], domains: [`${slug}.example.com`] };
        await outbox.append({ type: "tenant.updated", tenantId: id, version, payload });
      });
    }
    await setTimeout(60_000 / perMinute, undefined, { signal: over }).catch(() => undefined);
  }
}
