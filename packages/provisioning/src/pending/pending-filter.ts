import { statusMoves, type TenantFilter, type TenantStatus } from "@af-tenancy/core";

/** Gives a filter that lists pending tenants beside those that it lists already. */
export function withPending(filter: TenantFilter = {}): TenantFilter {
  return { ...filter, statuses: [...statusesWithoutPending(filter), "pending"] };
}

/** Gives a filter that lists no pending tenants, also where it names them. */
export function withoutPending(filter: TenantFilter = {}): TenantFilter {
  return { ...filter, statuses: statusesWithoutPending(filter) };
}

/** Gives a filter that lists pending tenants only. */
export function onlyPending(filter: TenantFilter = {}): TenantFilter {
  const isNamed = filter.statuses?.includes("pending") ?? true;
  return { ...filter, statuses: isNamed ? ["pending"] : [] };
}

/** Gives a filter with or without pending tenants, as the flag of a command says. */
export function flaggedFilter(
  flag: unknown,
  byDefault: boolean,
  filter?: TenantFilter,
): TenantFilter {
  const isWith = flag === undefined ? byDefault : [true, "true", "1", ""].includes(flag as string);
  return isWith ? withPending(filter) : withoutPending(filter);
}

function statusesWithoutPending({ statuses = listed }: TenantFilter): readonly TenantStatus[] {
  return statuses.filter((status) => status !== "pending");
}

/** What stores list where a filter names no statuses. */
const listed = (Object.keys(statusMoves) as TenantStatus[]).filter((one) => one !== "deleted");
