import type { Clock } from "../contracts/clock.ts";
import type {
  AccessRecord,
  CentralDirectory,
  FleetRecords,
  Sequences,
} from "../contracts/fleet-records.ts";
import type { Outbox } from "../contracts/outbox.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { MemoryAudit } from "./memory-audit.ts";
import { MemoryDomains } from "./memory-domains.ts";
import { MemoryServers } from "./memory-servers.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Makes the records of the fleet on the tables of one transaction. */
export function memoryFleetRecords(
  tables: () => RegistryTables,
  clock: Clock,
  outbox: Outbox,
): FleetRecords {
  return {
    domains: new MemoryDomains(tables, clock, outbox),
    servers: new MemoryServers(tables),
    centralDomains: centralDirectory(tables),
    audit: new MemoryAudit(tables, clock),
    accesses: accessRecord(tables),
    sequences: sequences(tables),
  };
}

function centralDirectory(tables: () => RegistryTables): CentralDirectory {
  return {
    async list() {
      return [...tables().centralDomains.values()].sort();
    },
    async add(name) {
      const { centralDomains } = tables();
      if (centralDomains.get(name) !== undefined) return false;
      centralDomains.set(name, name);
      return true;
    },
    async remove(name) {
      const { centralDomains } = tables();
      if (centralDomains.get(name) === undefined) return false;
      centralDomains.delete(name);
      return true;
    },
  };
}

function accessRecord(tables: () => RegistryTables): AccessRecord {
  return {
    async record(times) {
      const { tenants } = tables();
      for (const [id, time] of times) {
        const tenant = tenants.get(id);
        if (tenant === undefined || (tenant.lastAccessedAt ?? -1) >= time) continue;
        tenants.set(id, frozenCopy({ ...tenant, lastAccessedAt: time }));
      }
    },
  };
}

function sequences(tables: () => RegistryTables): Sequences {
  return {
    async next(name) {
      const { sequences } = tables();
      const number = (sequences.get(name) ?? 0) + 1;
      sequences.set(name, number);
      return number;
    },
  };
}
