import { ConfigurationError } from "@af-tenancy/core";

/** What a pattern found at the beginning of a path. */
export interface PathMatch {
  /** The segment that names the tenant, as it was sent. */
  readonly value: string;
  /** By what it names it. */
  readonly by: string;
  /** What follows what the pattern matched: empty, or beginning with a slash. */
  readonly rest: string;
}

/** What all patterns of a resolver have in common. */
export interface PatternRules {
  /** The name of the segment that names the tenant. */
  readonly parameter: string;
  readonly by: string;
  /** What else a pattern may say that its segment is. */
  readonly attributes: readonly string[];
}

/**
 * Makes the match of a pattern such as `/t/:tenant`, `/:region/:tenant` or `/c/:tenant:code` against whole segments at
 * the beginning of a path. Throws `ConfigurationError` when it does not have the parameter exactly once.
 */
export function pathPattern(
  key: string,
  pattern: string,
  { parameter, by, attributes }: PatternRules,
): (path: string) => PathMatch | undefined {
  if (typeof pattern !== "string" || !/^(?:\/[\w.~:-]+)+$/.test(pattern)) {
    const shown =
      typeof pattern === "string"
        ? JSON.stringify(pattern.slice(0, 60))
        : `of type ${typeof pattern}`;
    throw new ConfigurationError(key, shown, `give a path such as "/t/:${parameter}".`);
  }
  const parts = pattern.slice(1).split("/").map(partOf);
  const own = parts.filter(({ name }) => name === parameter);
  const [found] = own;
  if (found === undefined || own.length > 1) {
    const remedy = `write ":${parameter}" in it once, where the tenant stands.`;
    throw new ConfigurationError(key, JSON.stringify(pattern), remedy);
  }
  const attribute = found.attribute ?? by;
  if (attribute !== by && !attributes.includes(attribute)) {
    const remedy = `list "${attribute}" in pathResolver.attributes if tenants may be looked up by it.`;
    throw new ConfigurationError(key, JSON.stringify(pattern), remedy);
  }

  return function match(path) {
    let value = "";
    let position = 0;
    for (const part of parts) {
      if (path.charCodeAt(position) !== SLASH) return undefined;
      const next = path.indexOf("/", position + 1);
      const end = next === -1 ? path.length : next;
      const segment = path.slice(position + 1, end);
      if (segment === "" || (part.name === undefined && segment !== part.text)) return undefined;
      if (part === found) value = segment;
      position = end;
    }
    return { value, by: attribute, rest: path.slice(position) };
  };
}

interface Part {
  readonly text: string;
  /** The name of a segment that may be anything. */
  readonly name: string | undefined;
  readonly attribute: string | undefined;
}

function partOf(text: string): Part {
  if (!text.startsWith(":")) return { text, name: undefined, attribute: undefined };
  const [name, attribute] = text.slice(1).split(":", 2);
  return { text, name, attribute };
}

const SLASH = 0x2f;
