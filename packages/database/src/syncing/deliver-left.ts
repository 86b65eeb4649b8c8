import { behind } from "./behind.ts";
import { pendingRecords } from "./pending-records.ts";
import { isServable } from "./step-runner.ts";
import type { SyncEngine } from "./sync-engine.ts";
import type { SyncStep } from "./sync-step.ts";
import type { DeliverOptions, SyncFailure, SyncReport } from "./syncing-options.ts";

/** Does every step that is left; one that fails stops no other. */
export async function deliverLeft(
  { registry, parts, atOnce }: SyncEngine,
  { tenants }: DeliverOptions,
): Promise<SyncReport> {
  let steps = 0;
  const failures: SyncFailure[] = [];
  const attempt = async (tenantId: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failures.push(Object.freeze({ tenantId, error }));
    }
  };
  const perform = (step: SyncStep) =>
    attempt(step.tenantId, async () => {
      await atOnce.perform(step);
      steps += 1;
    });

  const found = registry.store.list(tenants === undefined ? {} : { ids: tenants });
  for await (const tenant of found) {
    if (!isServable(tenant)) continue;
    const { id: tenantId } = tenant;
    await attempt(tenantId, async () => {
      for await (const key of pendingRecords(parts.known, tenant)) {
        await perform({ to: "central", ...key, tenantId, cause: "left" });
      }
    });
  }
  for await (const one of behind(parts.known)) {
    if (tenants !== undefined && !tenants.includes(one.tenantId)) continue;
    await perform({ to: "tenant", ...one, cause: "left" });
  }
  return Object.freeze({ steps, failures: Object.freeze(failures) });
}
