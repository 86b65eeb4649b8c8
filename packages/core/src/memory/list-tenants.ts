import type { TenantSchema } from "../contracts/migration-records.ts";
import type { TenantFilter } from "../contracts/store.ts";
import type {
  Tenant,
  TenantConditions,
  TenantLifeDates,
  TenantRecord,
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
type Dated = Tenant &
  Partial<TenantConditions & TenantLifeDates & Pick<TenantRecord, "schemaVersion">>;

function matches(tenant: Dated, filter: TenantFilter): boolean {
  const { id, expiresAt, graceUntil } = tenant;
  const { expiredBy, graceOverBy, ids } = filter;
  return (
    isListed(tenant, filter.statuses) &&
    isReached(expiresAt, expiredBy) &&
    isReached(graceUntil, graceOverBy) &&
    (ids === undefined || ids.includes(id)) &&
    isSoFar(tenant, filter.schemas)
  );
}

/** Tells whether a tenant's status is one of these; every one but `pending` and `deleted` when none are named. */
export function isListed(
  { status }: Pick<Tenant, "status">,
  statuses: readonly TenantStatus[] | undefined,
): boolean {
  return statuses === undefined ? !unlisted.includes(status) : statuses.includes(status);
}

function isSoFar(
  { placement, schemaVersion }: Dated,
  schemas: readonly TenantSchema[] | undefined,
): boolean {
  if (schemas === undefined) return true;
  return schemas.some(
    ({ driver, strategy, version }) =>
      driver === placement?.driver && strategy === placement.strategy && version === schemaVersion,
  );
}

function isReached(time: number | undefined, by: number | undefined): boolean {
  return by === undefined || (time !== undefined && time <= by);
}

const unlisted: readonly TenantStatus[] = ["pending", "deleted"];
