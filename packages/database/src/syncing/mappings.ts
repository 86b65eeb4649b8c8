import { InvalidInputError, type JsonValue } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { lockRecords, raiseForOne } from "./central-records.ts";
import type { KnownResource, KnownResources } from "./known-resources.ts";
import type { MappingRow } from "./sync-tables.ts";
import { findRecord } from "./synced-record.ts";
import { lockRows, type RecordKey } from "./tenant-states.ts";

/** Which tenant has which record, and what the application keeps about that. */
export interface ResourceMapping extends RecordKey {
  readonly tenantId: string;
  readonly pivot: JsonValue;
}

/** Has a tenant get a record; where it has it already only the pivot changes. Gives whether anything is to be delivered. */
export async function attach(
  em: SqlEntityManager,
  known: KnownResources,
  resource: KnownResource,
  { globalId, tenantId, pivot }: { globalId: string; tenantId: string; pivot?: JsonValue },
  now: number,
): Promise<boolean> {
  const record = await findRecord(em, resource.central, resource, globalId);
  if (record === undefined) {
    throw new InvalidInputError("record", globalId, `no central "${resource.name}" has this id`);
  }
  const { mappings } = known;
  const key = { resource: resource.name, globalId };
  const [row] = await lockRecords(em, known.records, resource.name, [globalId]);
  const fresh = { state: "detached", since: 0, version: 0, received: 0, pivot: null } as const;
  const where = { ...key, tenantId };
  const [mapping] = await lockRows<MappingRow>(em, mappings, [{ ...where, ...fresh }], where);
  if (row === undefined || mapping === undefined) return false;
  const kept = pivot === undefined ? {} : { pivot: JSON.stringify(pivot) };
  if (mapping.state === "attached") {
    if (pivot !== undefined) await em.nativeUpdate(mappings, where, kept);
    return false;
  }
  const since = await raiseForOne(em, known, row, now);
  await em.nativeUpdate(mappings, where, { state: "attached", since, version: 0, ...kept });
  return resource.given.shouldSync?.(record) !== false;
}

/** Has a tenant lose a record; gives whether it had it. */
export async function detach(
  em: SqlEntityManager,
  known: KnownResources,
  resource: KnownResource,
  { globalId, tenantId }: { globalId: string; tenantId: string },
  now: number,
): Promise<boolean> {
  const attached = { resource: resource.name, globalId, tenantId, state: "attached" };
  const [row] = await lockRecords(em, known.records, resource.name, [globalId]);
  if (row === undefined || (await em.count(known.mappings, attached as never)) === 0) return false;
  const since = await raiseForOne(em, known, row, now);
  await em.nativeUpdate(known.mappings, attached, { state: "detaching", since, pivot: null });
  return true;
}

/** Gives mappings that match, in order of their keys. */
export async function mappingsOf(
  em: SqlEntityManager,
  { mappings }: KnownResources,
  where: Partial<RecordKey & { tenantId: string }>,
): Promise<readonly ResourceMapping[]> {
  const rows = (await em.find(mappings, { ...where, state: "attached" } as never, {
    orderBy: { resource: "asc", globalId: "asc", tenantId: "asc" } as never,
  })) as MappingRow[];
  return rows.map(({ resource, globalId, tenantId, pivot }) =>
    Object.freeze({
      ...{ resource, globalId, tenantId },
      pivot: pivot == null ? null : (JSON.parse(pivot) as JsonValue),
    }),
  );
}
