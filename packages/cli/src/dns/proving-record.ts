/** Where a domain's proof stands, as a TXT record; that of a wildcard at the domain itself. */
export function provingName(domain: string): string {
  return `_af-tenancy.${domain.replace(/^\*\./, "")}`;
}

/** What the record says. */
export function provingValue(token: string): string {
  return `${prefix}${token}`;
}

/** The token of a record; `undefined` where the record is there for something else. */
export function tokenOf(value: string): string | undefined {
  const text = value.trim();
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

const prefix = "af-tenancy=";
