import type { Clock } from "./contracts/clock.ts";
import type {
  Maintenance,
  Tenant,
  TenantConditions,
  TenantLifeDates,
  TenantStatus,
} from "./contracts/tenant.ts";
import type { MigratedTenant, TenantMigrations } from "./contracts/tenant-migrations.ts";
import { type Denial, TenantDeniedError, TenantNotFoundError } from "./errors/resolution-errors.ts";

/** A tenant as far as admission looks at it; one of the application's own class may know no conditions. */
export type Admissible = Tenant & Partial<TenantConditions & TenantLifeDates>;

/**
 * Lets a tenant in or throws: first the status, then the conditions beside it, in this order: maintenance, expiry,
 * access, schema. A cached record is a hint, so this runs for every request, and compares with the clock: a grace ends
 * without anybody's doing. `passes` tells who is served during a maintenance. Throws `TenantDeniedError`, and
 * `TenantNotFoundError` for statuses that outsiders must not tell from an unknown tenant.
 */
export function admit(
  tenant: Admissible,
  clock: Pick<Clock, "now">,
  migrations?: Pick<TenantMigrations, "isBehind">,
  passes: (maintenance: Maintenance) => boolean = nobody,
): void {
  if (tenant.status !== "active" && !isInGrace(tenant, clock)) refuseStatus(tenant);
  const { maintenance, expiresAt, access } = tenant;
  if (maintenance !== undefined) checkMaintenance(tenant, maintenance, clock, passes);
  if (expiresAt !== undefined && expiresAt <= clock.now()) throw denied(tenant, expired);
  if (access === "closed") throw denied(tenant, closed);
  if (migrations !== undefined && isOutdated(tenant, migrations)) throw denied(tenant, outdated);
}

const nobody = () => false;

/** It bites from its beginning to its end, and not those whom it lets pass. */
function checkMaintenance(
  tenant: Admissible,
  maintenance: Maintenance,
  clock: Pick<Clock, "now">,
  passes: (maintenance: Maintenance) => boolean,
): void {
  const { message, retryAfter, from, until } = maintenance;
  const now = from === undefined && until === undefined ? 0 : clock.now();
  if (from !== undefined && now < from) return;
  if (until !== undefined && now >= until) return;
  if (passes(maintenance)) return;
  const left = until === undefined ? retryAfter : Math.ceil((until - now) / 1_000);
  throw denied(tenant, {
    ...inMaintenance,
    publicMessage: message,
    retryAfter: Math.min(retryAfter, left),
  });
}

function denied(tenant: Admissible, denial: Denial): TenantDeniedError {
  return new TenantDeniedError(tenant.id, denial, tenant);
}

/** Tells whether nobody outside may know of a tenant with this status. */
export function isHidden(status: TenantStatus): boolean {
  return status !== "active" && denials[status] === undefined;
}

/** Makes the error for a tenant whose access is `closed`. */
export function tenantClosed(tenantId: string): TenantDeniedError {
  return new TenantDeniedError(tenantId, closed);
}

/** Nothing is known of the schema of a tenant of the application's own class, and a tenant may have no database. */
function isOutdated(tenant: Admissible, migrations: Pick<TenantMigrations, "isBehind">): boolean {
  if (tenant.placement === undefined || !("schemaVersion" in tenant)) return false;
  return migrations.isBehind(tenant as MigratedTenant);
}

function isInGrace({ status, graceUntil }: Admissible, clock: Pick<Clock, "now">): boolean {
  return status === "suspended" && graceUntil !== undefined && clock.now() < graceUntil;
}

function refuseStatus(tenant: Tenant): never {
  const denial = denials[tenant.status];
  if (denial === undefined) throw new TenantNotFoundError("id", tenant.id);
  throw denied(tenant, denial);
}

const inMaintenance = {
  code: "TENANT_MAINTENANCE",
  status: 503,
  remedy: "end its maintenance when the work is done.",
} as const;

const expired: Denial = {
  code: "TENANT_EXPIRED",
  status: 403,
  publicMessage: "This account has expired.",
  remedy: "renew it by a later expiry.",
  retryAfter: undefined,
};

const closed: Denial = {
  code: "TENANT_CLOSED",
  status: 503,
  publicMessage: "This account is not available right now; try again soon.",
  remedy: "wait for the operation that closed its access, or repair it.",
  retryAfter: 30,
};

const outdated: Denial = {
  code: "TENANT_OUTDATED",
  status: 503,
  publicMessage: "This account is being updated; try again soon.",
  remedy: "migrate it: its schema is older than this application needs.",
  retryAfter: 10,
};

const notReady: Denial = {
  code: "TENANT_NOT_READY",
  status: 503,
  publicMessage: "This account is being set up; try again soon.",
  remedy: "wait for its provisioning, or run repair() if it failed.",
  retryAfter: 5,
};

/** Statuses that are told apart from outside; every other one looks like an unknown tenant. */
const denials: Partial<Record<TenantStatus, Denial>> = {
  provisioning: notReady,
  failed: notReady,
  inactive: {
    code: "TENANT_INACTIVE",
    status: 403,
    publicMessage: "This account is not active.",
    remedy: "activate it first.",
    retryAfter: undefined,
  },
  suspended: {
    code: "TENANT_SUSPENDED",
    status: 403,
    publicMessage: "This account is suspended.",
    remedy: "resume it first.",
    retryAfter: undefined,
  },
  blocked: {
    code: "TENANT_BLOCKED",
    status: 403,
    publicMessage: "This account is blocked.",
    remedy: "unblock it first.",
    retryAfter: undefined,
  },
  archived: {
    code: "TENANT_ARCHIVED",
    status: 403,
    publicMessage: "This account is archived.",
    remedy: "unarchive it first.",
    retryAfter: undefined,
  },
};
