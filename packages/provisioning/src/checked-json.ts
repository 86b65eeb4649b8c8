import type { JsonValue } from "@af-tenancy/core";
import { refuse } from "./refuse.ts";

/** A JSON object, such as a tenant's metadata. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Gives a frozen copy of a JSON value, so that nobody can change it after it was checked; throws `InvalidInputError`. */
export function checkedJson(field: string, value: unknown): JsonValue {
  let values = 0;

  function copy(path: string, part: unknown, depth: number): JsonValue {
    values += 1;
    if (values > largest) refuse(field, value, `it holds more than ${largest} values`);
    if (depth > deepest)
      refuse(field, value, `it is nested deeper than ${deepest} levels, or in a circle`);
    if (part === null || typeof part === "boolean") return part;
    if (typeof part === "string") return text(path, part);
    if (typeof part === "number" && Number.isFinite(part)) return part;
    if (Array.isArray(part)) {
      return Object.freeze(
        Array.from(part, (one, index) => copy(`${path}[${index}]`, one, depth + 1)),
      );
    }
    if (!isPlain(part)) return refuse(path, part, "it is no JSON value");
    const entries = Object.entries(part).filter(([, one]) => one !== undefined);
    return Object.freeze(
      Object.fromEntries(
        entries.map(([key, one]) => [name(path, key), copy(`${path}.${key}`, one, depth + 1)]),
      ),
    );
  }

  return copy(field, value, 0);
}

/** Gives a frozen copy of a JSON object; throws `InvalidInputError`. */
export function checkedJsonObject(field: string, value: unknown): JsonObject {
  const copy = checkedJson(field, value);
  if (typeof copy !== "object" || copy === null || isList(copy))
    refuse(field, value, "give an object");
  return copy;
}

const largest = 10_000;
const deepest = 32;

/** Databases refuse a NUL in text, and half a character is not the same after it was stored. */
function text(path: string, value: string): string {
  if (/[\0\p{Cs}]/u.test(value)) refuse(path, value, "it holds a NUL or half a character");
  return value;
}

function name(path: string, key: string): string {
  if (key === "__proto__") refuse(path, key, "it is no name for a value");
  return text(path, key);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Another realm has an Object.prototype of its own, which has no prototype either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
