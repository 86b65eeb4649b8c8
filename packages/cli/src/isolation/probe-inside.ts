import type { ApplicationCache } from "@af-tenancy/core";
import type { Application } from "../config/application.ts";
import { hasManager, plantableOf } from "./database-canary.ts";
import {
  type Fault,
  judged,
  type Pair,
  type Probe,
  type Surface,
  type SurfaceTexts,
} from "./pair.ts";

/** What is done in a tenant's scope with one surface. */
interface Keeping {
  plant(probe: Probe): Promise<unknown>;
  read(): Promise<unknown>;
}

/** Puts a row into each database, with the same key, and reads them again while the stays of both are open. */
export async function probeDatabase(
  { tenancy, databases }: Application,
  pair: Pair,
  texts: SurfaceTexts,
): Promise<Surface> {
  if (!hasManager(databases)) {
    return { surface: "database", state: "absent", message: texts.noDatabase };
  }
  const known = await tenancy.run(pair[0].tenant, async () => plantableOf(databases.em()));
  if (known === undefined) {
    return { surface: "database", state: "untested", message: texts.noEntity };
  }
  const { entity, row } = known;
  return interleaved({ tenancy }, "database", pair, texts, {
    plant: (probe) => databases.em().insert(entity, row(probe.database)),
    read: () => databases.em().find(entity, {}, { disableIdentityMap: true, limit: 1_000 }),
  });
}

/** Does the same in the application's cache, under the same key. */
export async function probeCache(
  { tenancy }: Application,
  pair: Pair,
  texts: SurfaceTexts,
): Promise<Surface> {
  const { TENANT_CACHES, ValueMissingError } = await import("@af-tenancy/core");
  const cache = (): ApplicationCache => tenancy.get(TENANT_CACHES).cache();
  try {
    await tenancy.run(pair[0].tenant, async () => void cache());
  } catch (error) {
    if (!(error instanceof ValueMissingError)) throw error;
    return { surface: "cache", state: "absent", message: texts.noCache };
  }
  return interleaved({ tenancy }, "cache", pair, texts, {
    plant: (probe) => cache().set(key, probe.cache, { ttl: 60_000 }),
    read: () => cache().get(key),
  });
}

/**
 * Both stays are open at the same time and plant and read in turns; the first one ends first, and the second one looks
 * again after it.
 */
async function interleaved(
  { tenancy }: Pick<Application, "tenancy">,
  surface: "database" | "cache",
  [first, second]: Pair,
  texts: SurfaceTexts,
  { plant, read }: Keeping,
): Promise<Surface> {
  const secondIn = Promise.withResolvers<void>();
  const firstPlanted = Promise.withResolvers<void>();
  const secondPlanted = Promise.withResolvers<void>();
  const faults: (Fault | undefined)[] = [];
  const failures: unknown[] = [];
  // Who cannot write because of what another one wrote looks all the same.
  const put = (probe: Probe) =>
    plant(probe).catch((error: unknown) => {
      failures.push(error);
    });
  const look = async (own: Probe, other: Probe) => {
    faults.push(judged({ own, other, found: await read() }, surface, texts));
  };
  const ofFirst = tenancy.run(first.tenant, async () => {
    await secondIn.promise;
    await put(first);
    firstPlanted.resolve();
    await secondPlanted.promise;
    await look(first, second);
  });
  const ofSecond = tenancy.run(second.tenant, async () => {
    secondIn.resolve();
    await firstPlanted.promise;
    await put(second);
    await look(second, first);
    secondPlanted.resolve();
    await ofFirst;
    await look(second, first);
  });
  // Who fails keeps the other one waiting no longer.
  ofFirst.catch((error: unknown) => firstPlanted.reject(error));
  ofSecond.catch((error: unknown) => {
    secondIn.reject(error);
    secondPlanted.reject(error);
  });
  const [one, two] = await Promise.allSettled([ofFirst, ofSecond]);
  for (const ended of [two, one]) if (ended.status === "rejected") failures.push(ended.reason);
  const seen = faults.find((one) => one?.what === "seen");
  if (seen !== undefined) return { surface, state: "leaking", message: seen.message };
  const [failure] = failures;
  const unknown =
    failure === undefined ? faults.find(Boolean)?.message : texts.failed(String(failure));
  if (unknown !== undefined) return { surface, state: "untested", message: unknown };
  return { surface, state: "isolated", message: texts.isolated };
}

const key = "af-tenancy-isolation";
