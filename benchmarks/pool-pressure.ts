import { Client } from "pg";
import { compare } from "./compare.ts";
import { median } from "./median.ts";
import { makeFleet } from "./pool-pressure/fleet.ts";
import { slowDoor } from "./pool-pressure/slow-door.ts";
import { quantile } from "./quantile.ts";
import { report } from "./report.ts";
import { postgresqlServer } from "./servers.ts";

// Promise: 50 PostgreSQL databases over 10 connections and 32 callers, without an error: at least 0.7 of the throughput of hand-written connecting, querying and closing over the same 10 places, with a p99 of at most 5x the p50; a close of 500 ms raises another tenant's p99 by at most 10 ms.
const callers = 32;
const places = 10;
const query = "select id, text from note";

const door = await slowDoor(postgresqlServer.host, postgresqlServer.port);
const { db, tenancy, tenants, close } = await makeFleet(50, places, door.port);
const waits: number[] = [];

const throughput = await compare({
  ours: (times) => calling(times, ours),
  baseline: (times) => calling(times, byHand()),
  times: 160,
  rounds: 15,
});
report({
  name: "pool-pressure/throughput",
  ratio: 1 / throughput.ratio,
  ours: 1e9 / throughput.ours,
  baseline: 1e9 / throughput.baseline,
  unit: "queries/s",
});

const [p50, p99] = [quantile(waits, 0.5), quantile(waits, 0.99)];
report({ name: "pool-pressure/p99", ratio: p99 / p50, ours: p99, baseline: p50, unit: "ms" });

const quick: number[] = [];
const slow: number[] = [];
for (let round = 0; round < 15; round++) {
  for (const delay of round % 2 === 0 ? [0, 500] : [500, 0]) {
    door.delay = delay;
    (delay === 0 ? quick : slow).push(await p99OfOther());
  }
}
door.delay = 0;
const [ourTime, theirTime] = [median(slow), median(quick)];
report({
  name: "pool-pressure/slow-close",
  ratio: (ourTime - theirTime) / 10,
  ours: ourTime,
  baseline: theirTime,
  unit: "ms",
});
await close();
door.close();

async function ours(tenant: number): Promise<void> {
  const start = performance.now();
  await tenancy.run(tenantOf(tenant), () => db.em().execute(query));
  waits.push(performance.now() - start);
}

/** Connects for each query, never more often at once than there are places. */
function byHand(): (tenant: number) => Promise<void> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (tenant) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const database = tenantOf(tenant).placement.name;
    const client = new Client({ ...postgresqlServer, port: door.port, database });
    await client.connect();
    await client.query(query);
    await client.end();
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
}

async function calling(times: number, call: (tenant: number) => Promise<void>): Promise<void> {
  let left = times;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (left-- > 0) await call(Math.floor(Math.random() * tenants.length));
    }),
  );
}

/** The p99 of a tenant that asks all the time, while others come whose connections have to make room. */
async function p99OfOther(): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + 1_000;
  const others = (async () => {
    for (let number = 1; performance.now() < until; number++) {
      await tenancy.run(tenantOf(1 + (number % 20)), () => db.em().execute(query));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  while (performance.now() < until) {
    const start = performance.now();
    await tenancy.run(tenantOf(0), () => db.em().execute(query));
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await others;
  return quantile(times, 0.99);
}

function tenantOf(number: number): (typeof tenants)[number] {
  return tenants[number] as (typeof tenants)[number];
}
