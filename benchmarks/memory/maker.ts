import { randomUUID } from "node:crypto";
import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { memoryCases } from "./cases.ts";
import { thirtyEntities } from "./thirty-entities.ts";

// Makes the databases of a case and prints their tenants.
const [name = "", folder = "", many = ""] = process.argv.slice(2);
const given = memoryCases[name];
if (given === undefined) process.exit(2);

const entities = thirtyEntities();
const db = given.make({
  ...{ folder, handles: 100, open: 4 },
  entities: given.wholeSchema ? entities : entities.slice(0, 1),
});
const tenancy = createTenancy<Tenant>({ store: memoryStore<Tenant>([]), databases: db });
await tenancy.start();
const made: Tenant[] = [];
while (made.length < Number(many)) {
  const id = randomUUID();
  const placement = db.place(id, 1);
  const tenant: Tenant = { id, slug: id, status: "active", version: 1, placement };
  await db.manager(placement).create({ tenantId: id, placement });
  await db.migrate(tenant);
  made.push(tenant);
}
await tenancy.close();
console.log(JSON.stringify(made));
