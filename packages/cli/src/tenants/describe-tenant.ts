import type { JsonValue, TenantDomain, TenantRecord } from "@af-tenancy/core";
import type { DomainOutput, TenantOutput } from "../outputs/tenant-output.ts";
import { isSecretName } from "../terminal/redactor.ts";

/** Tells a tenant as `--json` prints it: without its credentials, and without metadata that is named like a secret. */
export function describeTenant(tenant: TenantRecord): TenantOutput {
  const { placement, maintenance } = tenant;
  return {
    id: tenant.id,
    slug: tenant.slug,
    name: tenant.name,
    status: tenant.status,
    access: tenant.access,
    plan: tenant.plan ?? null,
    homepage: tenant.homepage,
    metadata: withoutSecrets(tenant.metadata) as TenantOutput["metadata"],
    placement: placement === undefined ? null : placed(placement),
    schemaVersion: tenant.schemaVersion ?? null,
    maintenance: maintenance === undefined ? null : maintained(maintenance),
    expiresAt: isoTime(tenant.expiresAt),
    suspendedAt: isoTime(tenant.suspendedAt),
    deletedAt: isoTime(tenant.deletedAt),
    graceUntil: isoTime(tenant.graceUntil),
    formerStatus: tenant.formerStatus ?? null,
    createdAt: new Date(tenant.createdAt).toISOString(),
    createdBy: tenant.createdBy ?? null,
    updatedAt: new Date(tenant.updatedAt).toISOString(),
    updatedBy: tenant.updatedBy ?? null,
    lastAccessedAt: isoTime(tenant.lastAccessedAt),
    version: tenant.version,
  };
}

/** Tells a domain as `--json` prints it. */
export function describeDomain({ name, primary, verifiedAt }: TenantDomain): DomainOutput {
  return { name, primary, verifiedAt: isoTime(verifiedAt) };
}

/** A time in ISO 8601; `null` where there is none. */
function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/** Keeps the shape of what an application keeps and hides values whose names say that they are secret. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(
    entries.map(([name, one]) => [name, isSecretName(name) ? "***" : withoutSecrets(one)]),
  );
}

function placed({
  driver,
  strategy,
  server,
  name,
  generation,
}: NonNullable<TenantRecord["placement"]>): TenantOutput["placement"] {
  return { driver, strategy, server, name, generation };
}

function maintained({
  message,
  retryAfter,
  from,
  until,
}: NonNullable<TenantRecord["maintenance"]>): TenantOutput["maintenance"] {
  return { message, retryAfter, from: isoTime(from), until: isoTime(until) };
}
