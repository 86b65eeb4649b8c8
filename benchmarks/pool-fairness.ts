import { median } from "./median.ts";
import { makeFleet } from "./pool-pressure/fleet.ts";
import { quantile } from "./quantile.ts";
import { report } from "./report.ts";
import { postgresqlServer } from "./servers.ts";

// Promise: a tenant with its own PostgreSQL database that floods 10 connections with 64 callers raises the p99 of six others to at most 1.5x; alone it gets all places but those that are kept for whoever comes next, and leaves them within 1 s when nine others ask all the time.
const places = 10;
const query = "select pg_sleep(0.005)";

const { db, tenancy, tenants, close } = await makeFleet(10, places, postgresqlServer.port);
const [flooding, ...others] = tenants;

const alone: number[] = [];
const flooded: number[] = [];
const ratios: number[] = [];
for (let round = 0; round < 17; round++) {
  const pair = { alone: 0, flooded: 0 };
  for (const kind of round % 2 === 0
    ? (["alone", "flooded"] as const)
    : (["flooded", "alone"] as const)) {
    pair[kind] = await p99OfOthers(kind === "flooded");
  }
  if (round < 2) continue; // to warm up
  alone.push(pair.alone);
  flooded.push(pair.flooded);
  ratios.push(pair.flooded / pair.alone);
}
report({
  name: "pool-fairness/flood",
  ...{ ratio: median(ratios), ours: median(flooded), baseline: median(alone), unit: "ms" },
});

const grown: number[] = [];
const shrinking: number[] = [];
for (let round = 0; round < 15; round++) {
  const { most, milliseconds } = await growAndShrink();
  grown.push(most);
  shrinking.push(milliseconds);
}
const free = places - 2; // the rest is kept for callers who hold one already
report({
  name: "pool-fairness/grows",
  ...{ ratio: median(grown) / free, ours: median(grown), baseline: free, unit: "connections" },
});
report({
  name: "pool-fairness/shrinks",
  ...{ ratio: median(shrinking) / 1_000, ours: median(shrinking), baseline: 1_000, unit: "ms" },
});
await close();

/** How long each of six others waits who asks now and then, while the flood comes or does not. */
async function p99OfOthers(isFlooded: boolean): Promise<number> {
  const over = new AbortController();
  const flood = isFlooded ? asking(flooding, 64, over.signal) : undefined;
  await pause(600);
  const times: number[] = [];
  const asked = others.slice(0, 6).map(async (tenant) => {
    for (let i = 0; i < 60; i++) {
      await pause(5 + Math.random() * 10);
      const start = performance.now();
      await ask(tenant);
      if (i >= 10) times.push(performance.now() - start);
    }
  });
  await Promise.all(asked);
  over.abort();
  await flood;
  return quantile(times, 0.99);
}

/** How many connections the flood gets alone, and how long it takes until it has no more than its share. */
async function growAndShrink() {
  const over = new AbortController();
  const flood = asking(flooding, 64, over.signal);
  await pause(1_200);
  let most = 0;
  for (let i = 0; i < 50; i++) {
    most = Math.max(most, useOf(flooding)?.leased ?? 0);
    await pause(2);
  }
  const start = performance.now();
  const crowd = others.map((tenant) => asking(tenant, 1, over.signal));
  while ((useOf(flooding)?.open ?? 0) > 1 && performance.now() - start < 10_000) await pause(2);
  const milliseconds = performance.now() - start;
  over.abort();
  await Promise.all([flood, ...crowd]);
  return { most, milliseconds };
}

async function asking(
  tenant: (typeof tenants)[number] | undefined,
  callers: number,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (!signal.aborted) await ask(tenant);
    }),
  );
}

async function ask(tenant: (typeof tenants)[number] | undefined): Promise<void> {
  if (tenant !== undefined) await tenancy.run(tenant, () => db.em().execute(query));
}

function useOf(tenant: (typeof tenants)[number] | undefined) {
  const all = db.stats().flatMap((server) => server.tenants);
  return all.find(({ tenantId }) => tenantId === tenant?.id);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
