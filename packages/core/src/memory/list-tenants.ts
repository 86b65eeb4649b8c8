import type { TenantFilter } from "../contracts/store.ts";
import type { Tenant, TenantStatus } from "../contracts/tenant.ts";

/** Gives the tenants that a filter names, in order of id, as they stand when the first one is read. */
export async function* listTenants<T extends Tenant>(
  tenants: () => Iterable<T>,
  { statuses }: TenantFilter = {},
): AsyncGenerator<T> {
  const listed = [...tenants()].filter(({ status }) =>
    statuses === undefined ? !unlisted.includes(status) : statuses.includes(status),
  );
  yield* listed.sort((one, other) => (one.id < other.id ? -1 : 1));
}

const unlisted: readonly TenantStatus[] = ["pending", "deleted"];
