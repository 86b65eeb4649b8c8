import type { EntityName } from "@mikro-orm/sql";

/** An entity whose records are kept alike in the central database and in those tenants that have them. */
export interface SyncedResource<Central extends object = object, Own extends object = object> {
  /** The name in tables, steps and events, at most 64 characters; that of the central entity when absent. */
  readonly name?: string;
  /** The central database's entity. */
  readonly central: EntityName<Central>;
  /** The tenants' entity, or its name where each driver has one of its own. */
  readonly tenant: EntityName<Own> | string;
  /** The text property that both entities have and that names a record everywhere; `globalId` when absent. */
  readonly globalId?: string;
  /** The properties that both entities have and that are kept alike; no other ever moves. */
  readonly fields: readonly (string & keyof Central & keyof Own)[];
  /** What a record gets beside the fields where it is made; it takes precedence over them. */
  readonly creation?: SyncedCreation<Central, Own>;
  /** How both entities mark records that are in the trash. */
  readonly trashed?: SyncedTrash;
  /** Makes the global id of a record that has none; a random UUID when absent. */
  newId?(): string;
  /** Tells whether changes of a record are to move; all are when absent. */
  shouldSync?(record: Central | Own): boolean;
}

/** What new records get, as values or made from the record that they come from. */
export interface SyncedCreation<Central extends object = object, Own extends object = object> {
  /** For a central record that comes from a tenant's. */
  readonly central?: NewValues<Own>;
  /** For a tenant's record that comes from the central one. */
  readonly tenant?: NewValues<Central>;
}

/** Values by property, or what makes them. */
export type NewValues<From extends object> =
  | Readonly<Record<string, unknown>>
  | { bivariant(from: From): Readonly<Record<string, unknown>> }["bivariant"];

/** The nullable property that says since when a record is in the trash. */
export interface SyncedTrash {
  readonly field: string;
  /** Fields of records in the trash move too; they do not when absent. */
  readonly sync?: boolean;
}

/**
 * Describes a synced resource with the types of its entities.
 *
 * @example
 * const users = syncedResource({
 *   central: CentralUser,
 *   tenant: User,
 *   fields: ["name", "email"],
 *   creation: { tenant: { role: "member" } },
 * });
 */
export function syncedResource<Central extends object, Own extends object>(
  resource: SyncedResource<Central, Own>,
): SyncedResource {
  return resource as unknown as SyncedResource;
}
