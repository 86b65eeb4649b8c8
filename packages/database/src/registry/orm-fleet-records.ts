import type {
  AccessRecord,
  CentralDirectory,
  FleetRecords,
  Outbox,
  Sequences,
} from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import { OrmAudit } from "./orm-audit.ts";
import { OrmDomains } from "./orm-domains.ts";
import { OrmServers } from "./orm-servers.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Makes the records of the fleet on the tables of one transaction. */
export function ormFleetRecords(session: RegistrySession, outbox: Outbox): FleetRecords {
  return {
    domains: new OrmDomains(session, outbox),
    servers: new OrmServers(session),
    centralDomains: centralDirectory(session),
    audit: new OrmAudit(session),
    accesses: accessRecord(session),
    sequences: sequences(session),
  };
}

function centralDirectory({ entities: { CentralDomain }, em }: RegistrySession): CentralDirectory {
  return {
    async list() {
      const rows = await em().find(
        CentralDomain,
        {},
        { disableIdentityMap: true, orderBy: { name: "asc" } },
      );
      return rows.map(({ name }) => name);
    },
    async add(name) {
      if ((await em().count(CentralDomain, { name })) > 0) return false;
      await em().insert(CentralDomain, { name });
      return true;
    },
    async remove(name) {
      return (await em().nativeDelete(CentralDomain, { name })) > 0;
    },
  };
}

function accessRecord({ entities: { Tenant }, em }: RegistrySession): AccessRecord {
  return {
    async record(times) {
      // One statement for all that were entered at the same time, in an order that is alike in every process.
      const byTime = new Map<number, string[]>();
      for (const [id, time] of times) byTime.set(time, [...(byTime.get(time) ?? []), id]);
      for (const [time, ids] of byTime) {
        await em().nativeUpdate(
          Tenant,
          {
            id: { $in: ids },
            removedAt: null,
            $or: [{ lastAccessedAt: null }, { lastAccessedAt: { $lt: time } }],
          },
          { lastAccessedAt: time },
        );
      }
    },
  };
}

function sequences({ entities: { Sequence }, em }: RegistrySession): Sequences {
  return {
    async next(name) {
      const raised = await em().nativeUpdate(
        Sequence,
        { name },
        { last: raw<number>("last_number + 1") },
      );
      if (raised === 0) await em().insert(Sequence, { name, last: 1 });
      return (await em().findOneOrFail(Sequence, { name }, { disableIdentityMap: true })).last;
    },
  };
}
