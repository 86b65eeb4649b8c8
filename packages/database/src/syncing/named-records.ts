import { InvalidInputError, type Tenant } from "@af-tenancy/core";
import { Utils, wrap } from "@mikro-orm/core";
import { giveGlobalId } from "./global-id.ts";
import type { KnownResource, KnownResources } from "./known-resources.ts";
import { idOf } from "./synced-record.ts";
import type { RecordKey } from "./tenant-states.ts";

/** Records as callers name them: entities of either side, or their resource and global id; one or several. */
export type NamedRecords = object | RecordKey | readonly (object | RecordKey)[];

/** Tenants as callers name them: records or ids; one or several. */
export type NamedTenants = string | Pick<Tenant, "id"> | readonly (string | Pick<Tenant, "id">)[];

/** A record and its resource. */
export interface NamedRecord {
  readonly resource: KnownResource;
  readonly globalId: string;
}

/** Finds what callers named; throws `InvalidInputError`. */
export function namedRecords(known: KnownResources, given: NamedRecords): readonly NamedRecord[] {
  return [given].flat().map((one: object) => {
    const isEntity = Utils.isEntity(one);
    const resource = known.list.find((candidate) =>
      isEntity
        ? isRecordOf(candidate, one)
        : candidate.name === Reflect.get(Object(one), "resource"),
    );
    const names = known.list.map(({ name }) => name).join(", ");
    if (resource === undefined) {
      const named = Reflect.get(Object(one), "resource") ?? one;
      const what = isEntity ? one.constructor.name : String(named);
      throw new InvalidInputError("record", what, `it is a record of one of ${names}`);
    }
    if (isEntity && isNew(one) && resource.central.class === one.constructor) {
      giveGlobalId(one, resource);
    }
    const globalId = isEntity ? idOf(one, resource) : Reflect.get(one, "globalId");
    if (typeof globalId === "string" && globalId !== "" && globalId !== "undefined") {
      return { resource, globalId };
    }
    throw new InvalidInputError("record", String(globalId), "it has a global id: flush it first");
  });
}

/** Gives the ids of tenants that callers named; throws `InvalidInputError`. */
export function namedTenants(given: NamedTenants): readonly string[] {
  return [given].flat().map((one) => {
    const id: unknown = typeof one === "string" ? one : Object(one).id;
    if (typeof id === "string" && id !== "") return id;
    throw new InvalidInputError("tenant", String(id), "it is a tenant or a tenant's id");
  });
}

function isRecordOf({ central, tenants }: KnownResource, record: object): boolean {
  const classes = [central, ...tenants.values()].map((meta) => meta.class as unknown);
  return classes.includes(record.constructor);
}

/** No database has it yet: `entity/WrappedEntity.js` remembers what was loaded or written. */
function isNew(record: object): boolean {
  return Reflect.get(wrap(record, true), "__originalEntityData") === undefined;
}
