import type { Clock } from "../contracts/clock.ts";
import type { Leases } from "../contracts/leases.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Makes the leases on the tables of one transaction. */
export function memoryLeases(tables: () => RegistryTables, clock: Clock): Leases {
  return {
    async claim(name, owner, leaseMs) {
      const { leases } = tables();
      const held = leases.get(name);
      const now = clock.now();
      if (held !== undefined && held.owner !== owner && held.until > now) return false;
      leases.set(name, { owner, until: now + leaseMs });
      return true;
    },

    async release(name, owner) {
      const { leases } = tables();
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
  };
}
