import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import type { Tenancy } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { boundaries, purgeBoundaries } from "./crash/boundaries.ts";
import { type Engine, withSite } from "./crash/engine.ts";
import { inspectSite } from "./crash/inspect-site.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { shortLease, startSite } from "./crash/start-site.ts";
import { watchedRegistry } from "./crash/watched-registry.ts";
import { whyNot } from "./crash/why-not.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

/** 2,000 of those that cost little, and 200 PostgreSQL databases. */
const all: readonly (readonly [Engine, number])[] = [
  ["sqlite", 700],
  ["postgresql", 200],
  ["postgresql-schema", 650],
  ["mariadb", 650],
];

/** The others are for the long run, as in the tests with several processes. */
const engines = all.filter(
  ([engine]) => testScale() === 1 || ["sqlite", "postgresql-schema"].includes(engine),
);

/** What an operation of the present call is to fail at, once. */
const fault = new AsyncLocalStorage<{ point: string | undefined }>();

function reach(point: string): void {
  const current = fault.getStore();
  if (current?.point !== point) return;
  current.point = undefined;
  throw new RangeError(`a fault ${point}`);
}

/** A process in which operations fail where they are told to. */
function startFaulty(folder: string): Promise<Tenancy> {
  return startSite(folder, {
    registry: (registry) =>
      watchedRegistry(registry, {
        before: async (commit) => reach(`before commit ${commit}`),
        inside: async (commit) => reach(`inside commit ${commit}`),
        after: async (commit) => reach(`after commit ${commit}`),
      }),
    databases: (databases) =>
      watchedDatabases(databases, {
        before: (call) => reach(`before ${call}`),
        after: (call) => reach(`after ${call}`),
      }),
  });
}

const faults = {
  create: [
    "inside commit intent",
    "before create",
    "before migrate",
    "before verify",
    ...boundaries,
  ],
  purge: ["inside commit purge-intent", ...purgeBoundaries],
};

describe.each(engines)("on %s", (engine, size) => {
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  it.skipIf(why)(
    `G3: of operations that fail at random steps repair leaves no orphan, no lost tenant and no stuck row${title}`,
    { timeout: 900_000 },
    () =>
      withSite(engine, async (folder) => {
        const tenancy = await startFaulty(folder);
        const { tenants } = tenancy;
        const seed = Number(process.env.AF_TEST_SEED ?? Date.now() % 1_000_000);
        const random = numbersFrom(seed);
        const pick = (points: readonly string[]) => points[Math.floor(random() * points.length)];
        const made = new Set<string>();
        const purged = new Set<string>();

        async function live(slug: string): Promise<void> {
          const [create, purge] = [pick(faults.create), pick(faults.purge)];
          const [isFaulty, isKept, isPurged] = [random() < 0.5, random() < 0.2, random() < 0.4];
          const point = isFaulty ? create : undefined;
          if (!(await ended({ point }, () => tenants.create({ slug })))) return;
          made.add(slug);
          if (isKept) return;
          made.delete(slug);
          const tenant = { by: "slug", value: slug };
          const purging = () => tenants.purge(tenant, { skipGrace: true });
          if (await ended({ point: isPurged ? undefined : purge }, purging)) purged.add(slug);
        }

        // A hundredth in the short run: each operation waits for the disk several times.
        const rounds = Math.ceil((size * testScale() ** 2) / together);
        for (let round = 0; round < rounds; round += 1) {
          await Promise.all(Array.from({ length: together }, (_, one) => live(`t${round}-${one}`)));
        }
        await tenancy.close();
        await setTimeout(shortLease + 50);
        const repairing = await startSite(folder);
        const report = await repairing.tenants.repair();
        await repairing.tenants.repair();
        await repairing.close();

        const state = await inspectSite(folder);
        expect({ seed, failed: report.failed }).toEqual({ seed, failed: [] });
        expect(state.unfinished).toEqual([]);
        expect(state.tenants.filter(({ status }) => status !== "active")).toEqual([]);
        expect(state.names).toEqual(state.tenants.map(({ placement }) => placement?.name).sort());
        const slugs = new Set(state.tenants.map(({ slug }) => slug));
        expect([...made].filter((slug) => !slugs.has(slug))).toEqual([]);
        expect([...purged].filter((slug) => slugs.has(slug))).toEqual([]);
      }),
  );
});

const together = 4;

/** Tells whether a call succeeded that fails at a point, or at none. */
async function ended(at: { point: string | undefined }, call: () => Promise<unknown>) {
  try {
    await fault.run(at, call);
    return true;
  } catch {
    return false;
  }
}

/** Numbers from 0 up to 1, the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
