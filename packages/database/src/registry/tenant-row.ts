import type { Placement, TenantChanges, TenantRecord } from "@af-tenancy/core";
import type { TenantRow } from "./entities.ts";

/** Gives the record that a row of `tenants` holds. */
export function tenantOf(row: TenantRow): TenantRecord {
  return Object.freeze({
    id: row.id,
    slug: row.slug ?? "",
    name: row.name,
    status: row.status,
    version: row.version,
    plan: row.plan ?? undefined,
    metadata: JSON.parse(row.metadata),
    maintenance: row.maintenance == null ? undefined : JSON.parse(row.maintenance),
    expiresAt: row.expiresAt ?? undefined,
    access: row.access,
    placement: placementOf(row),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  });
}

/** Gives the columns that changes are written in; a key that is absent stays as it is. */
export function columnsOf(changes: TenantChanges): Partial<TenantRow> {
  const { slug, name, status, plan, metadata, maintenance, expiresAt, access, placement } = changes;
  return {
    ...(slug !== undefined && { slug }),
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    ...(access !== undefined && { access }),
    ...("plan" in changes && { plan: plan ?? null }),
    ...("maintenance" in changes && { maintenance: jsonOrNull(maintenance) }),
    ...("expiresAt" in changes && { expiresAt: expiresAt ?? null }),
    ...("placement" in changes && placementColumns(placement)),
  };
}

function placementColumns(placement: Placement | undefined) {
  return {
    placementDriver: placement?.driver ?? null,
    placementStrategy: placement?.strategy ?? null,
    placementServer: placement?.server ?? null,
    placementName: placement?.name ?? null,
    placementGeneration: placement?.generation ?? null,
    placementSecret: placement?.secret ?? null,
  };
}

function placementOf(row: TenantRow): Placement | undefined {
  const { placementDriver, placementStrategy, placementServer, placementName } = row;
  if (placementDriver == null || placementStrategy == null) return undefined;
  return Object.freeze({
    driver: placementDriver,
    strategy: placementStrategy,
    server: placementServer ?? "",
    name: placementName ?? "",
    generation: row.placementGeneration ?? 0,
    secret: row.placementSecret ?? undefined,
  });
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
