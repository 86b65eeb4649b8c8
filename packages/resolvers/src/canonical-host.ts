import { InvalidHostError, type TenancyRequest } from "@af-tenancy/core";
import { parseHost } from "./parse-host.ts";

/**
 * Gives the host that a request is for, from the bytes of its one `Host` header: lower case, no port, no trailing dot.
 *
 * `X-Forwarded-Host` and `Forwarded` are never read. A request target that is a whole address has to name the same host.
 * An IP address in any form comes back as it was written, so that it can be listed as central.
 *
 * @example canonicalHost(request) // "acme.example.com" for `Host: ACME.Example.com.:3000`
 * @throws InvalidHostError when the header is missing, doubled, malformed or at odds with the request target.
 */
export function canonicalHost(request: TenancyRequest): string {
  const host = parseHost(hostHeader(request.rawHeaders), refuse);
  if (!request.url.startsWith("/")) checkTarget(request.url, host);
  return host;
}

/** Gives the value of the one `Host` header; throws `InvalidHostError` when there is none, or more than one. */
export function hostHeader(rawHeaders: readonly string[]): string {
  let value: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== 4 || (name !== "Host" && name.toLowerCase() !== "host")) continue;
    if (value !== undefined) return refuse(value, "another Host header follows it");
    value = rawHeaders[index + 1];
  }
  return value ?? refuse("", "the request has no Host header");
}

/** Of two hosts in one request another server on the way may have believed the other one. */
function checkTarget(target: string, host: string): void {
  if (target === "*") return;
  const authority =
    /^https?:\/\/([^/?#]*)/i.exec(target)?.[1] ??
    refuse(target, "the request target is neither a path nor an address");
  if (parseHost(authority, refuse) !== host) {
    refuse(authority, `the request target and the Host header ("${host}") differ`);
  }
}

/** Shows no more than a host may be long, so that a hostile header cannot flood a log. */
function refuse(text: string, reason: string): never {
  throw new InvalidHostError(text.slice(0, 260), reason);
}
