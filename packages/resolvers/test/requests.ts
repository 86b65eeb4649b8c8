import type { CentralDomains, TenancyRequest } from "@af-tenancy/core";

/** A request for a host, with the headers around it that a client sends. */
export function requestTo(host: string, url = "/notes?page=2"): TenancyRequest {
  return requestWith(["Accept", "*/*", "Host", host, "Connection", "keep-alive"], url);
}

/** A request with exactly these headers. */
export function requestWith(rawHeaders: readonly string[], url = "/"): TenancyRequest {
  return { method: "GET", url, rawHeaders, remoteAddress: "127.0.0.1" };
}

/** Central domains as the core gives them to resolvers. */
export function centralOf(...names: readonly string[]): CentralDomains {
  return { names, has: (host) => names.includes(host) };
}
