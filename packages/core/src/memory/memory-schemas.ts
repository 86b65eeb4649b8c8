import type { Clock } from "../contracts/clock.ts";
import type { SchemaCount, SchemaRecords } from "../contracts/migration-records.ts";
import type { TenantRecord } from "../contracts/tenant.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { isListed } from "./list-tenants.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Makes the records of schemas on the tables of one transaction. */
export function memorySchemas(tables: () => RegistryTables, clock: Clock): SchemaRecords {
  return {
    async count(statuses) {
      const counted = new Map<string, SchemaCount>();
      for (const tenant of tables().tenants.values()) {
        const { placement, schemaVersion: version } = tenant;
        if (placement === undefined || !isListed(tenant, statuses)) continue;
        const { driver, strategy } = placement;
        const key = JSON.stringify([driver, strategy, version]);
        const tenants = (counted.get(key)?.tenants ?? 0) + 1;
        counted.set(key, { driver, strategy, version, tenants });
      }
      return [...counted.values()];
    },

    async record(schemas) {
      const { tenants } = tables();
      const changed: TenantRecord[] = [];
      for (const { tenantId, generation, version } of schemas) {
        const tenant = tenants.get(tenantId);
        if (tenant?.placement?.generation !== generation) continue;
        if (tenant.schemaVersion === version) continue;
        const next = frozenCopy({
          ...tenant,
          ...{ schemaVersion: version, version: tenant.version + 1 },
          ...{ updatedAt: clock.now(), updatedBy: undefined },
        });
        tenants.set(tenantId, next);
        changed.push(next);
      }
      return changed;
    },
  };
}
