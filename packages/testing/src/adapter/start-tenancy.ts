import {
  createTenancy,
  memoryStore,
  type Tenancy,
  type TenancyBootstrapper,
  type TenancyParts,
  type Tenant,
  type TenantRecord,
  type TenantStore,
} from "@af-tenancy/core";
import { onTestFinished } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";

/** What a test's tenancy has beside its two tenants. */
export interface StartedParts extends TenancyParts<Tenant> {
  readonly more?: readonly TenantRecord[];
  /** Whether it is started; `true` when absent. */
  readonly start?: boolean;
  /** Instead of the store of those tenants. */
  readonly store?: TenantStore<Tenant>;
}

/** Starts a tenancy of `acme.localhost`, `globex.localhost` and more, with `localhost` as its central host. */
export async function startTenancy(
  { resolvers }: AdapterHarness,
  { more = [], start = true, store, ...parts }: StartedParts = {},
): Promise<Tenancy<Tenant>> {
  const tenants = [acme(), globex(), ...more];
  const tenancy = createTenancy<Tenant>({
    store:
      store ??
      memoryStore<Tenant>(tenants, {
        domains: new Map(tenants.map(({ id, slug }) => [`${slug}.localhost`, id])),
      }),
    resolve: resolvers.domainResolver(),
    central: ["localhost"],
    ...parts,
  });
  if (start) await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}

/** A tenant in every status that a request can meet, and in each condition beside it. */
export function refusedTenants(): readonly TenantRecord[] {
  return [
    tenantRecord({ slug: "provisioning", status: "provisioning" }),
    tenantRecord({ slug: "failed", status: "failed" }),
    tenantRecord({ slug: "inactive", status: "inactive" }),
    tenantRecord({ slug: "suspended", status: "suspended" }),
    tenantRecord({ slug: "blocked", status: "blocked" }),
    tenantRecord({ slug: "archived", status: "archived" }),
    tenantRecord({ slug: "pending", status: "pending" }),
    tenantRecord({ slug: "deleting", status: "deleting" }),
    tenantRecord({ slug: "deleted", status: "deleted" }),
    tenantRecord({ slug: "expired", expiresAt: 1 }),
    tenantRecord({ slug: "closed", access: "closed" }),
    tenantRecord({ slug: "maintained", maintenance: { message: "Back at noon.", retryAfter: 60 } }),
  ];
}

/** Which scopes were entered and which were left, in order. */
export interface ScopeWatch {
  readonly entered: string[];
  readonly left: string[];
  readonly bootstrapper: TenancyBootstrapper;
}

/** Makes a bootstrapper that notes the slugs of the tenants that are entered and left. */
export function watchScopes(): ScopeWatch {
  const entered: string[] = [];
  const left: string[] = [];
  const bootstrapper: TenancyBootstrapper = {
    name: "watch",
    bootstrap({ tenant }) {
      entered.push(tenant.slug);
      return () => void left.push(tenant.slug);
    },
  };
  return { entered, left, bootstrapper };
}
