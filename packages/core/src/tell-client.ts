import type { Tenant } from "./contracts/tenant.ts";
import type { RequestExchange } from "./request-exchange.ts";

/** What is told of a request that was admitted. */
interface Admitted {
  /** `null` on the central side. */
  readonly tenant: Tenant | null;
  readonly cache: "hit" | "miss";
  readonly cookie: string | undefined;
  /** Headers of the request on which the tenant depends. */
  readonly varies: readonly string[] | undefined;
}

/**
 * Writes into the answer's headers how its tenant was found: for whoever looks into it, for browsers, and for shared caches,
 * which know the address and no other header of a request by themselves.
 */
export function tellClient(
  exchange: Pick<RequestExchange<unknown>, "headers" | "debugHeaders">,
  { tenant, cache, cookie, varies }: Admitted,
): void {
  const isDebugged = tenant !== null && exchange.debugHeaders === true;
  if (!isDebugged && cookie === undefined && varies === undefined) return;
  const { headers } = exchange;
  if (headers === undefined) return;
  if (isDebugged) {
    headers.set("X-Tenant-ID", encodeURIComponent(tenant.id));
    headers.set("X-Tenant-Cache", cache);
  }
  if (cookie !== undefined) headers.add("Set-Cookie", cookie);
  if (varies === undefined) return;
  headers.add("Vary", varies.join(", "));
  if (tenant !== null && !headers.has("Cache-Control")) headers.set("Cache-Control", "private");
}
