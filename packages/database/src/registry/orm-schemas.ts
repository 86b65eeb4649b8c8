import type { PlacementStrategy, RecordedSchema, SchemaRecords } from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { RegistrySession } from "./registry-session.ts";
import { tenantOf } from "./tenant-row.ts";

/** Makes the records of schemas on the tables of one transaction. */
export function ormSchemas({ entities: { Tenant }, em, now }: RegistrySession): SchemaRecords {
  return {
    async count(statuses) {
      const named = statuses ?? ["pending", "deleted"];
      if (named.length === 0) return [];
      const places = named.map(() => "?").join(", ");
      const counted: Counted[] = await em().execute(
        "select placement_driver as driver, placement_strategy as strategy, schema_version as version, " +
          "count(*) as tenants from tenants where removed_at is null and placement_driver is not null " +
          `and status ${statuses === undefined ? "not in" : "in"} (${places}) ` +
          "group by placement_driver, placement_strategy, schema_version",
        [...named],
      );
      return counted.map(({ driver, strategy, version, tenants }) => ({
        ...{ driver, strategy, version: version ?? undefined, tenants: Number(tenants) },
      }));
    },

    async record(schemas) {
      const changed: string[] = [];
      for (const [version, some] of byVersion(schemas)) {
        const rows = await em().find(
          Tenant,
          { id: { $in: some.map(({ tenantId }) => tenantId) }, removedAt: null },
          fresh,
        );
        const generations = new Map(some.map((one) => [one.tenantId, one.generation]));
        const ids = rows
          .filter((row) => (row.schemaVersion ?? undefined) !== version)
          .filter((row) => row.placementGeneration === generations.get(row.id))
          .map(({ id }) => id);
        if (ids.length === 0) continue;
        await em().nativeUpdate(
          Tenant,
          { id: { $in: ids } },
          {
            ...{ schemaVersion: version ?? null, version: raw<number>("version + 1") },
            ...{ updatedBy: null, updatedAt: raw<number>(now) },
          },
        );
        changed.push(...ids);
      }
      if (changed.length === 0) return [];
      const rows = await em().find(Tenant, { id: { $in: changed } }, fresh);
      return rows.map(tenantOf);
    },
  };
}

interface Counted {
  readonly driver: string;
  readonly strategy: PlacementStrategy;
  readonly version: string | null;
  readonly tenants: number | string;
}

/** One statement for all that have come equally far. */
function byVersion(
  schemas: readonly RecordedSchema[],
): ReadonlyMap<string | undefined, readonly RecordedSchema[]> {
  const groups = new Map<string | undefined, RecordedSchema[]>();
  for (const schema of schemas) {
    const group = groups.get(schema.version);
    if (group === undefined) groups.set(schema.version, [schema]);
    else group.push(schema);
  }
  return groups;
}

/** Rows are read as they stand and remembered nowhere. */
const fresh = { disableIdentityMap: true } as const;
