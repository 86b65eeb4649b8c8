import { type Crowd, makeCrowd } from "./pool-reuse/crowd.ts";
import { bestFixedSet, zipf } from "./pool-reuse/zipf.ts";
import { report } from "./report.ts";

// Promise: 1,000 tenants that are asked for as Zipf says (s = 1), 50 connections and 32 callers: where all share connections at least 0.99 of the requests need no new one; of those to PostgreSQL databases at least 0.75 of what the best fixed set of 50 open databases would serve; and the limit is never exceeded in any sample of 50 ms.
const callers = 32;
const connections = 50;
const warmUp = 2_000;
const draws = zipf(1_000, warmUp + 6_000, 2026);
const measured = draws.slice(warmUp);

const shared = await asking("schema");
report({
  name: "pool-reuse/shared",
  ...{ ratio: shared.reuse, ours: shared.reuse, baseline: 1, unit: "requests without a new one" },
});

const own = await asking("database");
const best = bestFixedSet(measured, connections) / measured.length;
report({
  name: "pool-reuse/database",
  ...{ ratio: own.reuse / best, ours: own.reuse, baseline: best },
  unit: "requests without a new one",
});
const most = Math.max(shared.most, own.most);
report({
  name: "pool-reuse/limit",
  ...{ ratio: most / connections, ours: most, baseline: connections, unit: "connections at most" },
});

/** The share of requests for which no connection was opened, and the most connections that the server ever saw. */
async function asking(strategy: "database" | "schema") {
  const crowd = await makeCrowd(strategy, draws, connections);
  const over = new AbortController();
  const sampling = samples(crowd, over.signal);
  await callingFor(crowd, draws.slice(0, warmUp));
  const before = crowd.opened();
  await callingFor(crowd, measured);
  const reuse = 1 - (crowd.opened() - before) / measured.length;
  over.abort();
  const most = Math.max(...(await sampling));
  await crowd.close();
  return { reuse, most };
}

async function callingFor(crowd: Crowd, tenants: readonly number[]): Promise<void> {
  const next = tenants.values();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const tenant of next) await crowd.ask(tenant);
    }),
  );
}

async function samples(crowd: Crowd, signal: AbortSignal): Promise<readonly number[]> {
  const found: number[] = [];
  while (!signal.aborted) {
    found.push(await crowd.connected());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return found;
}
