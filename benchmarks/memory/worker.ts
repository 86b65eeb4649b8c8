import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTenancy, memoryStore, type Placement, type Tenant } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { memoryCases } from "./cases.ts";
import { thirtyEntities } from "./thirty-entities.ts";

// Measures one case in a process of its own, which is started with --expose-gc, and prints bytes for each tenant.
const given = memoryCases[process.argv[2] ?? ""];
if (given === undefined) process.exit(2);
const { make, of, tenants: count, handles, open, wholeSchema = false } = given;

const folder = mkdtempSync(join(tmpdir(), "memory-"));
/** Visited first, so that code is compiled and pools are full. */
const warmUp = 20;
const tenants = await makeTenants(warmUp + count);
const entities = thirtyEntities();
const [first] = entities;
if (first === undefined) process.exit(2);
const db = make({ entities, folder, handles, open });
const tenancy = createTenancy<Tenant>({ store: memoryStore<Tenant>([]), databases: db });
await tenancy.start();

for (let round = 0; round < 50; round++) await visit(tenants.slice(0, warmUp));
const before = await inUse();
await visit(tenants.slice(warmUp));
const after = await inUse();
console.log(JSON.stringify((after - before) / count));

await tenancy.close();
for (const { id: tenantId, placement } of tenants) {
  await db.manager(placement).drop({ tenantId, placement });
}
rmSync(folder, { recursive: true });

async function visit(some: readonly Tenant[]): Promise<void> {
  for (const tenant of some) {
    await tenancy.run(tenant, () => db.em().findOne(first as never, 1));
    await new Promise(setImmediate);
  }
}

/** Makes the databases as another application would, which leaves nothing behind. */
async function makeTenants(many: number) {
  const own = thirtyEntities();
  const maker = make({
    entities: wholeSchema ? own : own.slice(0, 1),
    folder,
    handles: 100,
    open: 4,
  });
  const makers = createTenancy<Tenant>({ store: memoryStore<Tenant>([]), databases: maker });
  await makers.start();
  const made: (Tenant & { readonly placement: Placement })[] = [];
  while (made.length < many) made.push(await makeTenant(maker, made.length));
  await makers.close();
  return made;
}

async function makeTenant(maker: MikroOrmDatabases, number: number) {
  const id = randomUUID();
  const placement = maker.place(id, 1);
  const tenant = { id, slug: `tenant-${number}`, status: "active", version: 1, placement } as const;
  await maker.manager(placement).create({ tenantId: id, placement });
  await maker.migrate(tenant);
  return tenant;
}

async function inUse(): Promise<number> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    globalThis.gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return of === "heap" ? heapUsed : rss;
}
