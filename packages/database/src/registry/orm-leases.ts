import type { Leases } from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { RegistrySession } from "./registry-session.ts";

/** Makes the leases on the tables of one transaction; their time is the database's. */
export function ormLeases({ entities: { Lease }, em, now }: RegistrySession): Leases {
  return {
    async claim(name, owner, leaseMs) {
      const until = raw<number>(`${now} + ?`, [leaseMs]);
      const taken = await em().nativeUpdate(
        Lease,
        { name, $or: [{ owner }, { until: { $lte: raw(now) } }] },
        { owner, until },
      );
      if (taken > 0) return true;
      if ((await em().count(Lease, { name })) > 0) return false;
      await em().insert(Lease, { name, owner, until });
      return true;
    },

    async release(name, owner) {
      await em().nativeDelete(Lease, { name, owner });
    },
  };
}
