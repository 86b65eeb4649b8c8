import type { CentralDomains } from "./contracts/resolver.ts";

/** Tells whether a text can be among central hosts: a canonical host name, `*.` before one, or an IPv6 address. */
export function isCentralName(name: unknown): name is string {
  if (typeof name !== "string" || name.length > 253) return false;
  return hostName.test(name.replace(/^\*\./, "")) || ipv6.test(name);
}

const hostName = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;
const ipv6 = /^\[[0-9a-f:.]*:[0-9a-f:.]*\]$/;

/**
 * Makes the set of central host names from a list of canonical ones; `*.admin.example.com` stands for every host that is
 * one label longer than `admin.example.com`.
 */
export function centralDomains(names: readonly string[]): CentralDomains {
  const exact: ReadonlySet<string> = new Set(names);
  const parents: ReadonlySet<string> = new Set(
    names.filter((name) => name.startsWith("*.")).map((name) => name.slice(1)),
  );
  const isBelow = (host: string) => {
    const dot = host.indexOf(".");
    return dot > 0 && parents.has(host.slice(dot));
  };
  return {
    names: Object.freeze([...names]),
    has:
      parents.size === 0 ? (host) => exact.has(host) : (host) => exact.has(host) || isBelow(host),
  };
}
