import { createTenancy } from "@af-tenancy/core";
import { centralSyncTables, resourceSyncing, tenantSyncTable } from "@af-tenancy/database";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { people, syncedPerson } from "../syncing/people-entities.ts";

/** Changes a person in tenants and in the central database until it is killed; told to, it never delivers the first. */
const [registryFile = "", folder = "", file = "", mode = "", ...tenants] = process.argv.slice(2);
const { Person, CentralPerson } = people();
const queue = () => {
  process.stdout.write("committed\n");
  setInterval(() => undefined, 1_000);
  return new Promise(() => undefined);
};
const syncing = resourceSyncing({
  resources: [syncedPerson(Person, CentralPerson)],
  ...(mode === "lose" && { queue }),
});
const db = sqlite({
  folder,
  journalMode: "wal",
  entities: [Person, tenantSyncTable()],
  central: { file, entities: [CentralPerson, ...centralSyncTables()] },
});
const registry = sqliteRegistry({ file: registryFile });
const tenancy = createTenancy({ registry, databases: db, bootstrappers: [syncing] });
await tenancy.start();

for (let round = 0; ; round++) {
  for (const tenant of tenants) {
    await tenancy.run(tenant, async () => {
      const em = db.em().fork();
      const ann = await em.findOneOrFail(Person, { globalId: "ann" });
      Object.assign(ann, { name: `${tenant} ${round}` });
      await em.flush();
    });
    process.stdout.write(`${round}\n`);
  }
  const em = db.central();
  const ann = await em.findOneOrFail(CentralPerson, { globalId: "ann" });
  Object.assign(ann, { email: `ann${round}@central` });
  await em.flush();
}
