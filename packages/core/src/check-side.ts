import type { Tenant } from "./contracts/tenant.ts";
import { WrongSideError } from "./errors/resolution-errors.ts";
import type { RouteMode } from "./request-exchange.ts";

/** Throws `WrongSideError` when a route of this mode may not answer here. */
export function checkSide(mode: RouteMode, tenant: Tenant | null): void {
  if (mode === "tenant" && tenant === null) throw new WrongSideError(mode, "central");
  if (mode === "central" && tenant !== null) throw new WrongSideError(mode, "tenant");
}
