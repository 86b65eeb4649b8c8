import { ConfigurationError } from "./errors/configuration-errors.ts";

/**
 * Checks that a factory was given an object and knows all of its keys; for factories, because a misspelt option would
 * silently mean its default. `known` lists every key of the options. Throws `ConfigurationError`.
 *
 * @example checkKnownOptions<SqliteRegistryOptions>("sqliteRegistry", options, { file: true, maxWait: true });
 */
export function checkKnownOptions<O extends object>(
  name: string,
  options: O,
  known: { readonly [K in keyof Required<O>]: true },
): void {
  const keys = Object.keys(known).join(", ");
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const kind = options === undefined || options === null ? String(options) : kindOf(options);
    throw new ConfigurationError(name, kind, `pass an object with any of ${keys}.`);
  }
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    `${name}.${unknown}`,
    "not known",
    `remove it, or use one of ${keys}.`,
  );
}

/** Not the value itself: where an object belongs, a text may be a key or an address with a password. */
function kindOf(value: unknown): string {
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
