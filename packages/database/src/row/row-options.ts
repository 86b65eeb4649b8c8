import { ConfigurationError } from "@af-tenancy/core";
import type { EntityMetadata } from "@mikro-orm/sql";
import { checkRowEntities } from "./check-row-entities.ts";
import { classOf, RowTables } from "./row-tables.ts";

/** What a fleet says about tables that tenants share. */
export interface RowOptions {
  /** The column that says whose a row is; `tenant_id` when absent. */
  readonly tenantColumn?: string | undefined;
  /** Entities whose rows belong to nobody and are there for every tenant, such as a list of countries. */
  readonly global?: readonly unknown[] | undefined;
}

/** Works out which tables carry the tenant column; throws `ConfigurationError` when one of them cannot. */
export function rowTables(
  options: RowOptions,
  metadata: readonly EntityMetadata[],
  engineScopes: boolean,
  listTables: string,
): RowTables {
  const { tenantColumn = "tenant_id" } = options;
  if (typeof tenantColumn !== "string" || !/^[a-z_][a-z0-9_]{0,62}$/.test(tenantColumn)) {
    const remedy = "use at most 63 small letters, digits and underscores, no digit first.";
    throw new ConfigurationError("tenantColumn", JSON.stringify(tenantColumn), remedy);
  }
  const { global = [] } = options;
  if (!Array.isArray(global)) {
    throw new ConfigurationError("global", "no list", "list the entities, such as [Country].");
  }
  const globals = namesOf(global, metadata);
  checkRowEntities(metadata, tenantColumn, globals, engineScopes);
  return new RowTables(tenantColumn, metadata, globals, listTables);
}

function namesOf(entities: readonly unknown[], metadata: readonly EntityMetadata[]): Set<string> {
  const names = entities.map((entity) => {
    const found = metadata.find((meta) => meta.class === classOf(entity));
    if (found !== undefined) return found.root.className;
    throw new ConfigurationError(
      "global",
      `not only of entities that are in "entities": ${nameOf(entity)}`,
      "list entities that are in both.",
    );
  });
  return new Set(names);
}

function nameOf(entity: unknown): string {
  if (typeof entity === "function") return `"${entity.name}"`;
  const meta = (entity as { readonly meta?: EntityMetadata } | null | undefined)?.meta;
  return meta === undefined ? `a value of type ${typeof entity}` : `"${meta.className}"`;
}
