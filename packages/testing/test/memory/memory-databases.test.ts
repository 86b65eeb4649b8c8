import {
  createTenancy,
  MEMORY_DATABASE,
  memoryDatabases,
  memoryStore,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  acme,
  bootstrapperContract,
  databaseManagerContract,
  globex,
  tenantRecord,
} from "../../src/index.ts";

const databases = memoryDatabases();
const tenancy = createTenancy({
  store: memoryStore([tenantRecord({ slug: "unused" })]),
  databases,
});
await tenancy.start();

databaseManagerContract("memory", {
  create: () => databases.manager(databases.place("any", 1)),
  place: (tenantId, generation) => databases.place(tenantId, generation),
  rows: {
    write: (database, key, value) =>
      inside(database, () => void databases.get().set(String(key), value)),
    read: (database, key) => inside(database, () => databases.get().get(String(key)) as string),
  },
  leftOut: { "unmarked databases": "every database in memory is made with its marker" },
});

bootstrapperContract("memory databases", {
  tenants: [
    acme({ placement: databases.place(acme().id, 1) }),
    globex({ placement: databases.place(globex().id, 1) }),
  ],
  async create(watch) {
    const own = memoryDatabases();
    const watched = createTenancy({
      store: memoryStore([acme()]),
      bootstrappers: [watch(own.bootstrapper)],
    });
    await watched.start();
    for (const { id } of [acme(), globex()]) {
      const placement = own.place(id, 1);
      await own.manager(placement).create({ tenantId: id, placement });
    }
    return {
      enter: (tenant, work) =>
        watched.run(tenant, () => {
          watched.get(MEMORY_DATABASE).set("canary", `CANARY_${tenant.slug}`);
          return work();
        }),
      observe: () => watched.get(MEMORY_DATABASE).get("canary"),
      close: () => watched.close(),
    };
  },
});

async function inside<R>({ tenantId, placement }: TenantDatabase, work: () => R): Promise<R> {
  return tenancy.run(tenantRecord({ slug: "any", id: tenantId, placement }), work);
}
