import { InvalidInputError } from "@af-tenancy/core";

/** What is valid together: the versions of a cache and of tags at the moment when a value began to be made. */
export interface Versions {
  /** Changes when everything is cleared. */
  readonly all: string;
  readonly tags: readonly (readonly [tag: string, version: string])[];
}

/** A value as it is kept. */
export interface Kept {
  readonly versions: Versions;
  readonly value: unknown;
}

/** Writes a value; throws `InvalidInputError` for what would come back as something else. */
export function textOfValue(value: unknown, maxLength: number): string {
  const text = readable("value", () => {
    checkPlain(value, "value", []);
    return JSON.stringify(value);
  });
  if (text.length <= maxLength) return text;
  const rule = `a value has at most ${maxLength} characters as JSON`;
  throw new InvalidInputError("value", `of ${text.length} characters`, rule);
}

/** Gives keys with their values; throws `InvalidInputError` for what has none. */
export function pairsOf(
  values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
): (readonly [key: string, value: unknown])[] {
  return readable("values", () => [...(values instanceof Map ? values : Object.entries(values))]);
}

/** Adds the tags that a value has: where one of them is cleared meanwhile, it is cleared with it. */
export function withTagsOf(kept: Kept | undefined, { all, tags }: Versions): Versions {
  if (kept === undefined) return { all, tags };
  return { all, tags: [...new Map([...tags, ...kept.versions.tags])] };
}

/** Puts a value that is written down together with its versions. */
export function keptText({ all, tags }: Versions, text: string): string {
  return `[${format},${JSON.stringify(all)},${JSON.stringify(tags)},${text}]`;
}

/** Reads what `keptText` wrote; `undefined` for anything else, whoever wrote it. */
export function keptOf(text: string | undefined, maxLength: number): Kept | undefined {
  if (typeof text !== "string" || text.length > maxLength + roomForVersions) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4 || parts[0] !== format) return undefined;
  const [, all, tags, value] = parts as readonly unknown[];
  if (typeof all !== "string" || !Array.isArray(tags) || !tags.every(isTag)) return undefined;
  if (/__proto__|\\u/.test(text) && namesPrototype(value)) return undefined;
  return { versions: { all, tags }, value };
}

/** Raised whenever values are written in another way, so that versions of the package do not read each other's. */
const format = 1;
const roomForVersions = 64_000;
const deepest = 100;

function isTag(tag: unknown): tag is readonly [string, string] {
  return Array.isArray(tag) && tag.length === 2 && tag.every((part) => typeof part === "string");
}

/** Whoever copies such an object with `Object.assign` would give the copy another prototype. */
function namesPrototype(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > deepest || Object.hasOwn(value, "__proto__")) return true;
  return Object.values(value).some((item) => namesPrototype(item, depth + 1));
}

/** Throws unless JSON gives back the same. `above` are the objects in which it lies. */
function checkPlain(value: unknown, path: string, above: unknown[]): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (typeof value !== "object") throw notPlain(path, kindOf(value));
  if (above.includes(value)) throw notPlain(path, "an object that contains itself");
  if (above.length === deepest) throw notPlain(path, `nested deeper than ${deepest}`);
  above.push(value);
  if (Array.isArray(value)) {
    // A list has holes: its own iterator gives them, and JSON would fill them.
    for (const [index, item] of [...value].entries()) checkPlain(item, `${path}[${index}]`, above);
  } else {
    checkObject(value, path);
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) checkPlain(item, `${path}.${key}`, above);
    }
  }
  above.pop();
}

/** Getters and proxies may throw whatever they like. */
function readable<R>(field: string, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    const rule = "it has to be readable; see the cause";
    throw new InvalidInputError(field, "what throws when it is read", rule, { cause });
  }
}

function checkObject(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== null && prototype !== Object.prototype) || "toJSON" in value) {
    throw notPlain(path, `an object of ${value.constructor?.name ?? "a class"}`);
  }
  if (Object.hasOwn(value, "__proto__")) throw notPlain(path, 'an object with the key "__proto__"');
}

function kindOf(value: unknown): string {
  return typeof value === "number" ? String(value) : `of type ${typeof value}`;
}

function notPlain(path: string, given: string): InvalidInputError {
  const rule =
    "keep what JSON gives back as it was: texts, finite numbers, booleans, null, arrays and plain objects of them; " +
    "a Date as date.toISOString(), an entity as wrap(entity).toObject()";
  return new InvalidInputError(path.slice(0, 120), given, rule);
}
