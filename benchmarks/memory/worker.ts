import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTenancy, memoryStore, type Placement, type Tenant } from "@af-tenancy/core";
import { median } from "../median.ts";
import { memoryCases } from "./cases.ts";
import { thirtyEntities } from "./thirty-entities.ts";

// Measures one case and prints bytes for each tenant. What is measured happens in other processes, so that none of this
// one's memory is taken for a tenant's.
const [name = ""] = process.argv.slice(2);
const given = memoryCases[name];
if (given === undefined) process.exit(2);
const { make, of, tenants: count, handles, open } = given;

/** Little room for garbage and no helping threads: what a process takes is what it needs. */
const tight = ["--max-semi-space-size=1", "--single-threaded"];

const folder = mkdtempSync(join(tmpdir(), "memory-"));
/** Visited first, so that code is compiled and pools are full. */
const warmUp = 20;
const made = run("maker.ts", [name, folder, `${warmUp + count}`]);
writeFileSync(`${folder}/tenants.json`, made);
console.log(JSON.stringify((of === "heap" ? growthOfHeap() : growthOfProcess()) / count));
await dropAll(JSON.parse(made));
rmSync(folder, { recursive: true });

function growthOfHeap(): number {
  return meter(warmUp + count, warmUp);
}

/** A process gives memory back when it likes: so many are measured that have few open, and as many that have many. */
function growthOfProcess(): number {
  const differences: number[] = [];
  for (let round = 0; round < 11; round++) {
    const few = meter(warmUp, 0);
    differences.push(meter(warmUp + count, 0) - few);
  }
  return median(differences);
}

function meter(many: number, known: number): number {
  return Number(run("meter.ts", [name, folder, `${many}`, `${known}`], of === "rss" ? tight : []));
}

async function dropAll(tenants: readonly (Tenant & { readonly placement: Placement })[]) {
  const db = make({ entities: thirtyEntities(), folder, handles, open });
  const tenancy = createTenancy<Tenant>({ store: memoryStore<Tenant>([]), databases: db });
  await tenancy.start();
  // Each drop of a PostgreSQL database waits for the server's checkpoint, which several can share.
  for (let next = 0; next < tenants.length; next += 20) {
    await Promise.all(
      tenants
        .slice(next, next + 20)
        .map(({ id: tenantId, placement }) => db.manager(placement).drop({ tenantId, placement })),
    );
  }
  await tenancy.close();
}

function run(file: string, args: readonly string[], flags: readonly string[] = []): string {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, ["--expose-gc", ...flags, path, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(2);
  return stdout;
}
