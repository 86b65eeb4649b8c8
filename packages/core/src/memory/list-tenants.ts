import type { TenantFilter } from "../contracts/store.ts";
import type {
  Tenant,
  TenantConditions,
  TenantLifeDates,
  TenantStatus,
} from "../contracts/tenant.ts";

/** Gives the tenants that a filter names, in order of id, as they stand when the first one is read. */
export async function* listTenants<T extends Tenant>(
  tenants: () => Iterable<T>,
  filter: TenantFilter = {},
): AsyncGenerator<T> {
  const listed = [...tenants()].filter((tenant) => matches(tenant, filter));
  yield* listed.sort((one, other) => (one.id < other.id ? -1 : 1)).slice(0, filter.limit);
}

/** A tenant of the application's own class may know no dates. */
type Dated = Tenant & Partial<TenantConditions & TenantLifeDates>;

function matches(tenant: Dated, { statuses, expiredBy, graceOverBy }: TenantFilter): boolean {
  const { status, expiresAt, graceUntil } = tenant;
  const isNamed = statuses === undefined ? !unlisted.includes(status) : statuses.includes(status);
  return isNamed && isReached(expiresAt, expiredBy) && isReached(graceUntil, graceOverBy);
}

function isReached(time: number | undefined, by: number | undefined): boolean {
  return by === undefined || (time !== undefined && time <= by);
}

const unlisted: readonly TenantStatus[] = ["pending", "deleted"];
