import { memoryStore, type Tenancy, type TenancyParts, type Tenant } from "@af-tenancy/core";
import type { AdapterHarness } from "./adapter-harness.ts";
import { type RunningApplication, runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Starts an application whose one route gives the slug of its tenant. */
export async function startApplication(
  harness: AdapterHarness,
  parts: TenancyParts<Tenant> & { readonly store: ReturnType<typeof storeOf> },
): Promise<{ readonly app: RunningApplication; readonly tenancy: Tenancy<Tenant> }> {
  const tenancy = await startTenancy(harness, parts);
  const handle = () => ({ slug: tenancy.current()?.slug ?? null });
  const routes = [{ method: "GET", path: "/", handle }] as const;
  return { app: await runApplication(harness, { tenancy, routes }), tenancy };
}

/** Finds tenants as they are in the list now. */
export function storeOf(tenants: readonly Tenant[]) {
  return {
    find: ({ value }: { readonly value: string }) =>
      tenants.find(({ slug }) => `${slug}.localhost` === value),
    list: () => memoryStore([...tenants]).list(),
  };
}

/** Real time but for what it is now. */
export function standing(at: number) {
  return {
    at,
    now(): number {
      return this.at;
    },
    monotonic: () => performance.now(),
    sleep: () => new Promise<void>(() => {}),
  };
}
