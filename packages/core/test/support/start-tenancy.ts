import type { TenancyBootstrapper, TenantRecord } from "../../src/index.ts";
import {
  createTenancy,
  memoryStore,
  type Tenancy,
  type TenancyParts,
  type TenantResolver,
  type ValueKey,
  valueKey,
} from "../../src/index.ts";
import { acme, globex } from "./tenants.ts";

/** A started tenancy over these tenants; requests say theirs in the path, `/central` is nobody's. */
export async function startTenancy(
  parts: TenancyParts = {},
  tenants: readonly TenantRecord[] = [acme, globex],
): Promise<Tenancy> {
  const tenancy = createTenancy({
    store: memoryStore(tenants),
    resolve: pathResolver,
    ...parts,
  });
  await tenancy.start();
  return tenancy;
}

/** Finds the tenant in the first part of the path. */
export const pathResolver: TenantResolver = {
  name: "path",
  resolve({ url }) {
    const [, slug = ""] = url.split("/");
    if (slug === "central") return { kind: "central" };
    return { kind: "tenant", candidates: [{ by: "slug", value: slug }] };
  },
};

/** A value that says whose it is. */
export const OWNER: ValueKey<{ readonly slug: string }> = valueKey("owner");

/** Provides `OWNER`. */
export const ownerBootstrapper: TenancyBootstrapper<TenantRecord> = {
  name: "owner",
  bootstrap(scope) {
    scope.provide(OWNER, () => ({ slug: scope.tenant.slug }));
  },
};
