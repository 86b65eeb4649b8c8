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
    homepage: row.homepage,
    schemaVersion: row.schemaVersion ?? undefined,
    suspendedAt: row.suspendedAt ?? undefined,
    deletedAt: row.deletedAt ?? undefined,
    graceUntil: row.graceUntil ?? undefined,
    formerStatus: row.formerStatus ?? undefined,
    createdAt: row.createdAt,
    createdBy: row.createdBy ?? undefined,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy ?? undefined,
    lastAccessedAt: row.lastAccessedAt ?? undefined,
  });
}

/** Gives the columns that changes are written in; a key that is absent stays as it is. */
export function columnsOf(changes: TenantChanges): Partial<TenantRow> {
  const { slug, name, status, metadata, homepage, access, maintenance, placement } = changes;
  return {
    ...(slug !== undefined && { slug }),
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status }),
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    ...(homepage !== undefined && { homepage }),
    ...(access !== undefined && { access }),
    ...clearable(changes),
    ...("maintenance" in changes && { maintenance: jsonOrNull(maintenance) }),
    ...("placement" in changes && placementColumns(placement)),
  };
}

/** The columns that are cleared by a change to `undefined`. */
function clearable(changes: TenantChanges): Partial<TenantRow> {
  const columns: Partial<Record<(typeof clearableColumns)[number], unknown>> = {};
  for (const column of clearableColumns) {
    if (column in changes) columns[column] = changes[column] ?? null;
  }
  return columns as Partial<TenantRow>;
}

const clearableColumns = [
  "plan",
  "schemaVersion",
  "expiresAt",
  "suspendedAt",
  "deletedAt",
  "graceUntil",
  "formerStatus",
] as const satisfies readonly (keyof TenantChanges)[];

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
