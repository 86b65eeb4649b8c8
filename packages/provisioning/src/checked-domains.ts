import { domainToASCII } from "node:url";
import { refuse } from "./refuse.ts";

/**
 * Gives a list of canonical host names: ASCII, lower case, without port and trailing dot, each one once; the first label
 * may be a `*`. Nothing is
 * rewritten in silence: where a name can be told from what was written, the error says it. Throws `InvalidInputError`.
 */
export function checkedDomains(field: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > 100) {
    refuse(field, value, "give an array of at most 100 host names, the first one primary");
  }
  const names = new Set<string>();
  for (const [index, name] of value.entries()) {
    if (!isCanonical(name)) refuse(`${field}[${index}]`, name, remedy(name));
    if (names.has(name)) refuse(`${field}[${index}]`, name, "it stands in the list twice");
    names.add(name);
  }
  return Object.freeze([...names]);
}

function isCanonical(name: unknown): name is string {
  return (
    typeof name === "string" &&
    name.length <= 253 &&
    (hostName.test(name) || wildcard.test(name)) &&
    !machine.test(name)
  );
}

const hostName =
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Stands for one label, as in certificates, below at least two. */
const wildcard = new RegExp(`^\\*\\.(?=[^.]+\\.)${hostName.source.slice(1)}`);

/** `localhost`, and what browsers take for an IP address, never lead to a tenant. */
const machine = /^localhost$|(?:^|\.)(?:\d+|0x[\da-f]*)$/;

function remedy(name: unknown): string {
  const rule =
    "use a host name in lower-case ASCII such as shop.example.com, without scheme, port and path";
  if (typeof name !== "string" || name.length > 2_000) return rule;
  const [, host = ""] =
    /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?([^\s/:?#@]*?)\.?(?::\d*)?(?:[/?#].*)?\s*$/i.exec(name) ?? [];
  const meant = domainToASCII(host);
  if (isCanonical(meant)) return `write "${meant}"`;
  return machine.test(meant)
    ? "it names a machine and never a tenant: list it in createTenancy({ central }) instead"
    : rule;
}
