import { defineEntity, type InferEntity, p } from "@mikro-orm/sql";

/**
 * Makes the entity that every tenant's database keeps about its synced records: what changed there and was not delivered,
 * and which of the central changes have arrived. Call it once per driver.
 *
 * @example sqlite({ folder, entities: [User, tenantSyncTable()], central })
 */
export function tenantSyncTable() {
  return defineEntity({
    name: tenantTable,
    tableName: "resource_sync_states",
    properties: {
      resource: p.string().length(64).primary(),
      globalId: p.string().length(255).primary(),
      /** The latest change in this database; it only grows. */
      stamp: p.bigint("number"),
      /** The latest central change that was written here. */
      version: p.bigint("number"),
      /** The record was in the trash when that was written, and has not got the fields. */
      stale: p.boolean(),
      /** `PendingChanges` as JSON; `null` when everything was delivered. */
      pending: p.text().nullable(),
    },
  });
}

/**
 * Makes the entities that the central database keeps about synced records: their versions, and which tenants have them.
 *
 * @example sqlite({ folder, entities, central: { file, entities: [CentralUser, ...centralSyncTables()] } })
 */
export function centralSyncTables() {
  return [
    defineEntity({
      name: recordTable,
      tableName: "resource_sync_records",
      properties: {
        resource: p.string().length(64).primary(),
        globalId: p.string().length(255).primary(),
        /** Grows with every change that tenants are to get. */
        version: p.bigint("number"),
        /** The version that moved it to the trash or out of it last; 0 when none did. */
        trashVersion: p.bigint("number"),
      },
    }),
    defineEntity({
      name: mappingTable,
      tableName: "resource_sync_mappings",
      properties: {
        resource: p.string().length(64).primary(),
        globalId: p.string().length(255).primary(),
        tenantId: p.string().length(64).primary().index(),
        state: p.string().$type<MappingState>().length(16),
        /** The version that gave it its state. */
        since: p.bigint("number"),
        /** Up to which version the tenant has the record. */
        version: p.bigint("number"),
        /** Up to which of its stamps the tenant's changes have arrived. */
        received: p.bigint("number"),
        /** What the application keeps about it, as JSON. */
        pivot: p.text().nullable(),
      },
    }),
  ] as const;
}

/** A detached one stays, so that what the tenant sent before is still known. */
export type MappingState = "attached" | "detaching" | "detached";

/** Names of the entities. */
export const tenantTable = "ResourceSyncState";
export const recordTable = "ResourceSyncRecord";
export const mappingTable = "ResourceSyncMapping";

/** A row of `resource_sync_states`. */
export type StateRow = InferEntity<ReturnType<typeof tenantSyncTable>>;

/** A row of `resource_sync_records`. */
export type RecordRow = InferEntity<ReturnType<typeof centralSyncTables>[0]>;

/** A row of `resource_sync_mappings`. */
export type MappingRow = InferEntity<ReturnType<typeof centralSyncTables>[1]>;
