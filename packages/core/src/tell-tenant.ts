import type { Tenant } from "./contracts/tenant.ts";
import type { RequestExchange } from "./request-exchange.ts";

/** Writes into the answer's headers what a client is told of the tenant that its request was admitted to. */
export function tellTenant(
  { headers, debugHeaders }: Pick<RequestExchange<unknown>, "headers" | "debugHeaders">,
  tenant: Tenant,
  cache: "hit" | "miss",
  cookie: string | undefined,
): void {
  if (headers === undefined) return;
  if (debugHeaders) {
    headers.set("X-Tenant-ID", encodeURIComponent(tenant.id));
    headers.set("X-Tenant-Cache", cache);
  }
  if (cookie !== undefined) headers.add("Set-Cookie", cookie);
}
