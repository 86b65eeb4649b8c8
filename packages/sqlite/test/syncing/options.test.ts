import {
  ConfigurationError,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  memoryStore,
} from "@af-tenancy/core";
import {
  centralSyncTables,
  type ResourceSyncingOptions,
  resourceSyncing,
  type SyncedResource,
  tenantSyncTable,
} from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { describe, expect, it } from "vitest";
import { people, syncedPerson } from "./people-entities.ts";

describe("C157: bad configuration throws before anything is opened", () => {
  it.each<[string, Partial<SyncedResource> | object, string]>([
    ["no field", { fields: [] }, "resources[0].fields"],
    ["a field twice", { fields: ["name", "name"] }, "resources[0].fields"],
    ["a field that is none", { fields: ["nothing"] }, "resources[0].fields"],
    ["a field that the tenants lack", { fields: ["badge"] }, "resources[0].fields"],
    ["a field that is loaded by itself", { fields: ["notes"] }, "resources[0].fields"],
    ["a key among the fields", { fields: ["id"] }, "resources[0].fields"],
    ["the global id among the fields", { fields: ["globalId"] }, "resources[0].fields"],
    ["a global id that is no text", { globalId: "id" }, "resources[0].globalId"],
    ["a global id that is not there", { globalId: "uuid" }, "resources[0].globalId"],
    ["a global id that is not unique", { globalId: "role" }, "resources[0].globalId"],
    ["trash that is not there", { trashed: { field: "gone" } }, "resources[0].trashed.field"],
    ["trash that is never empty", { trashed: { field: "role" } }, "resources[0].trashed.field"],
    ["an unknown option", { feilds: [] }, "resources[0].feilds"],
    ["an unknown option of the trash", { trashed: { name: "x" } }, "resources[0].trashed.name"],
    ["a name that is none", { name: "a b" }, "resources[0].name"],
    ["no central entity", { central: undefined }, "resources[0].central"],
    ["an entity that is nowhere", { tenant: "Nobody" }, "resources[0].tenant"],
    ["creation that is none", { creation: { tenant: 1 } }, "resources[0].creation.tenant"],
    ["a generator that is none", { newId: "uuid" }, "resources[0].newId"],
    ["a condition that is none", { shouldSync: true }, "resources[0].shouldSync"],
  ])("%s", (_, wrong, key) => {
    const make = () => compose({ resource: wrong });

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`"${key}"`);
  });

  it.each<[string, Parameters<typeof compose>[0], string]>([
    ["no resource", { options: { resources: [] } }, "resources"],
    ["an unknown option", { options: { queues: 1 } as never }, "resourceSyncing.queues"],
    ["a queue that is none", { options: { queue: "redis" as never } }, "queue"],
    ["no table in tenants", { tables: { tenant: [] } }, "entities"],
    ["no tables in the central database", { tables: { central: [] } }, "entities"],
    ["the same twice", { twice: true }, "resources"],
  ])("%s", (_, given, key) => {
    const make = () => compose(given);

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`"${key}"`);
  });

  it("no central database, no registry, no databases of MikroORM, two tenancies, none", () => {
    const { Person, CentralPerson } = people();
    const make = () => resourceSyncing({ resources: [syncedPerson(Person, CentralPerson)] });
    const db = sqlite({ folder: "unused", entities: [Person, tenantSyncTable()] });
    const bootstrappers = [make()];

    expect(() =>
      createTenancy({ registry: memoryRegistry(), databases: db, bootstrappers }),
    ).toThrow('"central"');
    const [registry, databases] = [memoryRegistry(), memoryDatabases()];
    expect(() => createTenancy({ registry, databases, bootstrappers: [make()] })).toThrow(
      '"databases"',
    );
    expect(() => compose({ store: true })).toThrow('"registry"');
    expect(() => compose({ again: true })).toThrow('"resourceSyncing"');
    return expect(make().deliver()).rejects.toThrow('"resourceSyncing"');
  });
});

function compose({
  resource = {},
  options = {},
  tables = {},
  twice = false,
  store = false,
  again = false,
}: {
  resource?: object;
  options?: Partial<ResourceSyncingOptions>;
  tables?: { tenant?: []; central?: [] };
  twice?: boolean;
  store?: boolean;
  again?: boolean;
}) {
  const { Person, CentralPerson } = people();
  const Plain = defineEntity({ name: "Plain", properties: { id: p.integer().primary() } });
  const person = { ...syncedPerson(Person, CentralPerson), ...resource } as SyncedResource;
  const syncing = resourceSyncing({
    resources: twice ? [person, { ...person, name: "other" }] : [person],
    ...options,
  });
  const databases = sqlite({
    folder: "unused",
    entities: [Person, Plain, ...(tables.tenant ?? [tenantSyncTable()])],
    central: {
      file: "unused.sqlite",
      entities: [CentralPerson, ...(tables.central ?? centralSyncTables())],
    },
  });
  const bootstrappers = [syncing];
  if (store) return createTenancy({ store: memoryStore([]), databases, bootstrappers });
  createTenancy({ registry: memoryRegistry(), databases, bootstrappers });
  if (!again) return syncing;
  const registry = memoryRegistry();
  return createTenancy({
    registry,
    databases: sqlite({ folder: "unused", entities: [Plain] }),
    bootstrappers,
  });
}
