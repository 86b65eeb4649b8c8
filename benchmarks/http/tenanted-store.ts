import {
  createTenancy,
  lazyValue,
  memoryStore,
  type TenancyBootstrapper,
  type Tenant,
  valueKey,
} from "@af-tenancy/core";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqlite } from "@af-tenancy/sqlite";
import { Note } from "./note.ts";

/** A started tenancy of one tenant, known without a query, with a note in its SQLite file and three lazy bootstrappers. */
export async function tenantedStore(folder: string) {
  const db = sqlite({ folder, entities: [Note] });
  const placement = db.place("acme", 1);
  const acme: Tenant = { id: "acme", slug: "acme", status: "active", version: 1, placement };
  const tenancy = createTenancy<Tenant>({
    store: memoryStore([acme], { domains: new Map([["acme.localhost", "acme"]]) }),
    databases: db,
    resolve: domainResolver(),
    central: ["localhost"],
    bootstrappers: [lazy("cache"), lazy("storage"), lazy("mail")],
  });
  await tenancy.start();
  await db.manager(placement).create({ tenantId: "acme", placement });
  await db.migrate(acme);
  await tenancy.run(acme, async () => {
    db.em().create(Note, { id: 1, text: "Hello" });
    await db.em().flush();
  });
  return { db, tenancy, file: `${folder}/${placement.name}.sqlite` };
}

function lazy(name: string): TenancyBootstrapper {
  const key = valueKey<object>(name);
  return {
    name,
    values: [
      lazyValue(
        key,
        (_get, { tenant }) => ({ prefix: tenant.id }),
        () => {},
      ),
    ],
  };
}
