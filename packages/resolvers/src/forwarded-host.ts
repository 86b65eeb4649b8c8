import { InvalidHostError } from "@af-tenancy/core";

/**
 * Gives the host in the one element of a `Forwarded` header (RFC 7239), as in `for=192.0.2.1;host=acme.example.com`;
 * `undefined` when it has none. Throws `InvalidHostError` for a list, for two hosts, and for what is no such header.
 */
export function forwardedHost(value: string): string | undefined {
  let host: string | undefined;
  let end = 0;
  let next: string | undefined = ";";
  for (const [all, name = "", plain, quoted, separator] of value.matchAll(new RegExp(pair, "gy"))) {
    end += all.length;
    next = separator;
    if (next === ",") refuse(value, "Forwarded has more than one element");
    if (name.toLowerCase() !== "host") continue;
    if (host !== undefined) refuse(value, "Forwarded names two hosts");
    host = plain ?? quoted?.replace(/\\(.)/g, "$1") ?? "";
  }
  if (end !== value.length || next !== "") refuse(value, "Forwarded is malformed");
  return host;
}

/** A parameter: its name, its value as a token or in quotes, and what follows it. */
const pair =
  /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~:[\]-]+)|"((?:[^"\\]|\\.)*)")[ \t]*([;,]|$)/;

function refuse(value: string, reason: string): never {
  throw new InvalidHostError(value.slice(0, 260), reason);
}
