import type { ConnectionSource } from "../connection/connection-source.ts";
import { ConnectionHeldError } from "../errors.ts";
import { isHeldByCaller } from "./open-transactions.ts";
import type { TenantSource } from "./tenant-source.ts";

/** Has nobody wait for the one connection of a source that the caller itself holds. */
export function refusingSecond(source: TenantSource): ConnectionSource {
  if (!source.single) return source;
  return {
    lease(scope) {
      if (isHeldByCaller(source)) throw new ConnectionHeldError(source.database.placement.name);
      return source.lease(scope);
    },
  };
}
