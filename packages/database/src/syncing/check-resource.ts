import { ConfigurationError, checkKnownOptions } from "@af-tenancy/core";
import type { SyncedResource, SyncedTrash } from "./synced-resource.ts";

/** Throws `ConfigurationError` where the description of a resource cannot be right, whatever its entities are. */
export function checkResource(key: string, given: SyncedResource): void {
  checkKnownOptions<SyncedResource>(key, given, known);
  const { name, central, tenant, globalId, fields, creation = {}, trashed } = given;
  const refuse = (part: string, value: string, remedy: string) => {
    throw new ConfigurationError(`${key}.${part}`, value, remedy);
  };
  if (name !== undefined && !(typeof name === "string" && /^[\w.-]{1,64}$/.test(name))) {
    refuse("name", JSON.stringify(name), "use 1 to 64 letters, digits, dots and hyphens.");
  }
  for (const [part, entity] of Object.entries({ central, tenant })) {
    if (entity === undefined || entity === null) refuse(part, "missing", "give an entity.");
  }
  if (globalId !== undefined && (typeof globalId !== "string" || globalId === "")) {
    refuse("globalId", JSON.stringify(globalId), "give the name of a property.");
  }
  if (!Array.isArray(fields) || fields.length === 0 || new Set(fields).size < fields.length) {
    refuse("fields", "no list, an empty one, or one that repeats", "list what is kept alike.");
  }
  checkKnownOptions(`${key}.creation`, creation, { central: true, tenant: true });
  for (const [part, values] of Object.entries(creation)) {
    const fine = typeof values === "function" || (typeof values === "object" && values !== null);
    if (!fine) refuse(`creation.${part}`, typeof values, "give values, or a function of them.");
  }
  if (trashed !== undefined) {
    checkKnownOptions<SyncedTrash>(`${key}.trashed`, trashed, { field: true, sync: true });
  }
  for (const part of ["newId", "shouldSync"] as const) {
    const made = given[part];
    if (made !== undefined && typeof made !== "function") {
      refuse(part, `of type ${typeof made}`, "give a function.");
    }
  }
}

const known = {
  name: true,
  central: true,
  tenant: true,
  globalId: true,
  fields: true,
  creation: true,
  trashed: true,
  newId: true,
  shouldSync: true,
} as const;
