import { ConfigurationError } from "@af-tenancy/core";
import type { EntityMetadata, EntityName } from "@mikro-orm/sql";
import { checkResource } from "./check-resource.ts";
import type { CentralSite, SyncSite } from "./sync-site.ts";
import { mappingTable, recordTable, tenantTable } from "./sync-tables.ts";
import type { SyncedResource } from "./synced-resource.ts";

/** A resource with nothing left open. */
export interface KnownResource {
  readonly name: string;
  readonly central: EntityMetadata<object>;
  /** The tenants' entity of each driver. */
  readonly tenants: ReadonlyMap<string, EntityMetadata<object>>;
  readonly globalId: string;
  readonly fields: readonly string[];
  readonly given: SyncedResource;
}

/** Everything that is synced, and the tables that are kept about it. */
export interface KnownResources {
  readonly list: readonly KnownResource[];
  readonly sites: ReadonlyMap<string, SyncSite>;
  readonly central: CentralSite;
  /** The entities of the tables, of each driver's tenants and of the central database. */
  readonly states: ReadonlyMap<string, EntityName>;
  readonly records: EntityName;
  readonly mappings: EntityName;
}

/** Looks up the entities of all resources in the databases' own metadata; throws `ConfigurationError`. */
export function knownResources(
  resources: readonly SyncedResource[],
  sites: readonly SyncSite[],
): KnownResources {
  const central = sites.find((site) => site.central !== undefined)?.central;
  if (central === undefined) {
    const remedy = "say where it is and what it holds, such as sqlite({ central }).";
    throw new ConfigurationError("central", "not configured, and records are synced", remedy);
  }
  const list = resources.map((resource, index) => known(`resources[${index}]`, resource));
  assertDistinct(list);
  return {
    list,
    sites: new Map(sites.map((site) => [site.driver, site])),
    central,
    states: new Map(
      sites.map(({ driver, tenants }) => [
        driver,
        tableOf(tenants.metadata, tenantTable, "entities: [..., tenantSyncTable()]"),
      ]),
    ),
    records: tableOf(central.metadata, recordTable, centralRemedy),
    mappings: tableOf(central.metadata, mappingTable, centralRemedy),
  };

  function known(key: string, given: SyncedResource): KnownResource {
    checkResource(key, given);
    const { name = nameOf(given.central), globalId = "globalId", fields } = given;
    const ofCentral = metadataOf(`${key}.central`, central as CentralSite, given.central);
    const own = sites.map((site) => {
      const meta = metadataOf(`${key}.tenant`, site.tenants, given.tenant);
      return [site.driver, meta] as const;
    });
    for (const meta of [ofCentral, ...own.map(([, meta]) => meta)]) checkEntity(key, given, meta);
    return { name, central: ofCentral, tenants: new Map(own), globalId, fields, given };
  }
}

function metadataOf(
  key: string,
  { metadata }: Pick<CentralSite, "metadata">,
  entity: EntityName | string,
): EntityMetadata<object> {
  const name = typeof entity === "string" ? entity : nameOf(entity);
  const found = [...metadata.getAll().values()].find(({ className }) => className === name);
  if (found !== undefined) return found as EntityMetadata<object>;
  throw new ConfigurationError(key, `"${name}", which is no entity there`, "list it in entities.");
}

/** The properties are there in both databases, and can be kept alike. */
function checkEntity(key: string, given: SyncedResource, meta: EntityMetadata<object>): void {
  const { className, properties } = meta;
  const refuse = (part: string, value: string, remedy: string) => {
    throw new ConfigurationError(`${key}.${part}`, value, remedy);
  };
  const property = (name: string) => (properties as Properties)[name];
  const { globalId = "globalId", trashed, fields } = given;
  const id = property(globalId);
  if (id === undefined || id.runtimeType !== "string") {
    refuse("globalId", `"${globalId}", no text of "${className}"`, "name a property of both.");
  }
  const lone = (names: unknown) => String([names].flat()) === globalId;
  if (!id?.unique && !id?.primary && !meta.uniques.some((index) => lone(index.properties))) {
    refuse("globalId", `not unique in "${className}"`, "declare it unique, so that it names one.");
  }
  for (const field of fields as readonly string[]) {
    const found = property(field);
    const plain =
      found?.kind === "scalar" && found.persist !== false && !found.version && !found.lazy;
    if (!plain || found.primary || field === globalId || field === trashed?.field) {
      refuse(
        "fields",
        `not only of plain properties of "${className}": "${field}"`,
        "list columns that are loaded with it and are no key, no version and not the trash's.",
      );
    }
  }
  if (trashed !== undefined && property(trashed.field)?.nullable !== true) {
    refuse("trashed.field", `"${trashed.field}", nothing nullable of "${className}"`, "name one.");
  }
}

type Properties = Readonly<Record<string, EntityMetadata["props"][number] | undefined>>;

function tableOf(metadata: CentralSite["metadata"], table: string, place: string): EntityName {
  const found = [...metadata.getAll().values()].find(({ className }) => className === table);
  if (found !== undefined) return found.class;
  throw new ConfigurationError("entities", `without "${table}"`, `add it: ${place}.`);
}

function assertDistinct(list: readonly KnownResource[]): void {
  const parts = list.map(({ name, central, tenants }) => [
    `the name "${name}"`,
    `"${central.className}"`,
    `"${[...tenants.values()][0]?.className}" of tenants`,
  ]);
  const seen = new Set<string>();
  for (const part of parts.flat()) {
    if (seen.has(part)) {
      throw new ConfigurationError("resources", `twice with ${part}`, "describe each entity once.");
    }
    seen.add(part);
  }
}

/** The name under which MikroORM knows an entity. */
function nameOf(entity: EntityName): string {
  const { name, meta } = entity as { name?: string; meta?: { className?: string } };
  return meta?.className ?? name ?? String(entity);
}

const centralRemedy = "central: { entities: [..., ...centralSyncTables()] }";
