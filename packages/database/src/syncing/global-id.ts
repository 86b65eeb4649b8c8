import { randomUUID } from "node:crypto";
import { InvalidInputError } from "@af-tenancy/core";
import type { KnownResource } from "./known-resources.ts";

/** Gives a new record a global id where it has none; throws `InvalidInputError` where it has one that cannot be. */
export function giveGlobalId(record: object, { globalId, given }: KnownResource): void {
  if (Reflect.get(record, globalId) == null) {
    Reflect.set(record, globalId, given.newId?.() ?? randomUUID());
  }
  const id: unknown = Reflect.get(record, globalId);
  if (typeof id === "string" && id !== "" && id.length <= 255) return;
  throw new InvalidInputError(globalId, String(id), "it is a text of 1 to 255 characters");
}

/** Throws `InvalidInputError` when a record's global id is among what changes. */
export function assertSameGlobalId(changes: object, { globalId }: KnownResource): void {
  if (!(globalId in changes)) return;
  const value = String(Reflect.get(changes, globalId));
  throw new InvalidInputError(globalId, value, "a record keeps its own; make another record");
}
