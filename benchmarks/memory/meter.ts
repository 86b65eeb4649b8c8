import { readFileSync } from "node:fs";
import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { memoryCases } from "./cases.ts";
import { thirtyEntities } from "./thirty-entities.ts";

// Takes the first tenants of a list in a process of its own, which is started with --expose-gc, and prints what it has
// in use: of heap, how much more since it knew the first `known` only; of the process, all.
const [name = "", folder = "", many = "", known = ""] = process.argv.slice(2);
const given = memoryCases[name];
if (given === undefined) process.exit(2);
const { make, of, handles, open, queries = 1 } = given;

const all: readonly Tenant[] = JSON.parse(readFileSync(`${folder}/tenants.json`, "utf8"));
const tenants = all.slice(0, Number(many));
const entities = thirtyEntities();
const [first] = entities;
if (first === undefined) process.exit(2);
const db = make({ entities, folder, handles, open });
const tenancy = createTenancy<Tenant>({ store: memoryStore<Tenant>([]), databases: db });
await tenancy.start();

for (let round = 0; round < 50; round++) await visit(tenants.slice(0, Number(known)));
const before = await inUse();
// The same work for few tenants as for many.
for (let visits = 0; visits < all.length; visits += tenants.length - Number(known)) {
  await visit(tenants.slice(Number(known)));
}
const after = await inUse();
console.log(JSON.stringify(of === "heap" ? after - before : after));
await tenancy.close();

async function visit(some: readonly Tenant[]): Promise<void> {
  for (const tenant of some) {
    await tenancy.run(tenant, async () => {
      for (let id = 1; id <= queries; id++) {
        await db.em().findOne((entities[id % queries] ?? first) as never, id as never);
      }
    });
    await new Promise(setImmediate);
  }
}

async function inUse(): Promise<number> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    globalThis.gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return of === "heap" ? heapUsed : rss;
}
