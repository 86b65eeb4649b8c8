import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { Note } from "./http/note.ts";
import { median } from "./median.ts";
import { report } from "./report.ts";

// Promise: the self-test of two tenants in memory, with all else that a start does, takes less than 50 ms.
const promised = 50;
const times: number[] = [];
for (let round = 0; round < 18; round++) {
  const databases = sqlite({ folder: "unused", entities: [Note] });
  const tenancy = createTenancy<Tenant>({ store: memoryStore([]), databases });
  const start = performance.now();
  await tenancy.start();
  if (round >= 3) times.push(performance.now() - start); // the first ones load MikroORM
  await tenancy.close();
}
const ours = median(times);
report({ name: "self-test/start", ratio: ours / promised, ours, baseline: promised, unit: "ms" });
