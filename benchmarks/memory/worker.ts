import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTenancy, memoryStore, type Placement, type Tenant } from "@af-tenancy/core";
import { memoryCases } from "./cases.ts";
import { thirtyEntities } from "./thirty-entities.ts";

// Measures one case in a process of its own, which is started with --expose-gc, and prints bytes for each tenant.
const [name = ""] = process.argv.slice(2);
const given = memoryCases[name];
if (given === undefined) process.exit(2);
const { make, of, tenants: count, handles, open } = given;

const folder = mkdtempSync(join(tmpdir(), "memory-"));
/** Visited first, so that code is compiled and pools are full. */
const warmUp = 20;
const tenants = makeTenants(warmUp + count);
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

/** Made by another process, so that none of its memory is taken for a tenant's, nor given back meanwhile. */
function makeTenants(many: number): readonly (Tenant & { readonly placement: Placement })[] {
  const maker = fileURLToPath(new URL("./maker.ts", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [maker, name, folder, `${many}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(stdout);
}

async function inUse(): Promise<number> {
  for (let round = 0; round < 8; round++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    globalThis.gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return of === "heap" ? heapUsed : rss;
}
