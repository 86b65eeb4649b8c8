import type { TenantRecord } from "@af-tenancy/core";
import { redisState, sharedLookups } from "../cache/shared-lookups.ts";
import type { Session } from "../command/session.ts";
import type { Application } from "../config/application.ts";
import { askServers } from "../doctor/ask-doctors.ts";
import { dirtySchemas, migrationsOf, unfinishedPlans } from "../doctor/half-way.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { factsOf } from "../report-error.ts";
import { timerLength } from "../timer-length.ts";
import { databaseFailure } from "./database-failure.ts";
import type { HealthCheck, HealthTexts, Seen } from "./health-check.ts";
import { freeMemory, freeStorage, storageFolders } from "./machine.ts";

/** What is looked at, and how long it may take. */
export interface Looking {
  /** Gives the tenants whose databases are looked at. */
  select(): Promise<readonly TenantRecord[]>;
  readonly timeoutMs: number;
  /** Percent of storage and memory that are to be free. */
  readonly minFree: number;
}

/** Looks at one thing after the other; what does not answer in time, or fails, is not healthy. */
export async function lookAtHealth(
  session: Session<HealthTexts>,
  application: Application,
  { select, timeoutMs, minFree }: Looking,
): Promise<readonly HealthCheck[]> {
  const { texts, catalogue } = session;
  const { tenancy, registry, databases } = application;
  const store = registry?.store ?? tenancy.store;
  const checks: HealthCheck[] = [];
  let tenants: readonly TenantRecord[] = [];
  const look = async (
    check: Seen["check"],
    subject: string | null,
    action: string,
    work: () => Promise<Omit<Seen, "check" | "subject">>,
  ) => {
    session.progress.tell(check);
    const start = performance.now();
    let seen: Omit<Seen, "check" | "subject">;
    try {
      const message = texts.silent(timeoutMs / 1_000);
      seen = await within(timeoutMs, work(), { status: "unhealthy", message, actions: [action] });
    } catch (error) {
      const { code, message } = factsOf(error, catalogue);
      // A call that is wrong stays one.
      if (exitCodeOf(code) === exitCodes.usage) throw error;
      seen = { status: "unhealthy", message, actions: [action] };
    }
    checks.push({ check, subject, ...seen, milliseconds: Math.round(performance.now() - start) });
  };
  const well = (message: string) => ({ status: "healthy" as const, message, actions: [] });
  const doctor = "af-tenancy doctor";

  await look("application", null, doctor, async () => well(texts.starts));
  await look("registry", null, doctor, async () => {
    await store.find({ by: "id", value: "~health" });
    tenants = await select();
    return well(texts.answers);
  });
  if (databases !== undefined) {
    await look("servers", null, doctor, async () => {
      const found = await askServers(databases);
      const errors = found.filter(({ severity }) => severity === "error").length;
      const [first] = found;
      if (first === undefined) return well(texts.servers);
      const message = texts.findings(errors, found.length - errors, first.message);
      return { status: errors > 0 ? "unhealthy" : "warning", message, actions: [doctor] };
    });
    for (const [server, placed] of byServer(tenants)) {
      const slugs = placed.map(({ slug }) => slug).slice(0, few);
      await look("databases", server, `${doctor} --tenants ${slugs.join()}`, async () => {
        const failing: { readonly slug: string; readonly message: string }[] = [];
        const inspect = async ({ id: tenantId, slug, placement }: TenantRecord) => {
          if (placement === undefined) return undefined;
          const look = databases.manager(placement).inspect({ tenantId, placement });
          return look.then(
            (state) => (state === undefined ? texts.absent(slug) : undefined),
            (error: unknown) => factsOf(error, catalogue).message,
          );
        };
        for (const tenant of placed) {
          const failure = await databaseFailure(store, tenant, inspect);
          if (failure !== undefined) failing.push({ slug: tenant.slug, message: failure });
        }
        const [first] = failing;
        if (first === undefined) return well(texts.databases(placed.length));
        const names = failing.map(({ slug }) => slug).slice(0, few);
        return {
          status: "unhealthy",
          message: texts.failing(failing.length, placed.length, first.message),
          actions: [`${doctor} --tenants ${names.join()}`],
        };
      });
    }
  }
  const migrations = migrationsOf(application);
  if (migrations !== undefined) {
    await look("migrations", null, doctor, async () => {
      const dirty = await dirtySchemas(migrations.fleet, tenants);
      const plans = await unfinishedPlans(migrations);
      const [first] = [...dirty, ...plans];
      if (first === undefined) return well(texts.migrated);
      return {
        status: dirty.length > 0 ? "unhealthy" : "warning",
        message: texts.findings(dirty.length, plans.length, `${first.subject}: ${first.message}`),
        actions: [...dirty, ...plans].slice(0, few).map(({ command }) => command),
      };
    });
  }
  const lookups = sharedLookups(tenancy);
  if (lookups !== undefined) {
    await look("cache", "redis", "af-tenancy cache stats", async () => {
      const state = await redisState(lookups);
      if (state === "up") return well(texts.redis(state));
      // Requests are served from the registry meanwhile.
      const actions = ["af-tenancy cache stats"];
      return { status: "warning", message: texts.redis(state), actions };
    });
  }
  for (const folder of storageFolders(databases, tenants)) {
    const action = `df -h '${folder.replaceAll("'", "'\\''")}'`;
    await look("storage", folder, action, async () =>
      ofFree(texts, await freeStorage(folder), minFree, action),
    );
  }
  await look("memory", null, "free -m", async () =>
    ofFree(texts, freeMemory(), minFree, "free -m"),
  );
  return checks;
}

function ofFree(
  texts: HealthTexts,
  { free, all }: { readonly free: number; readonly all: number },
  minFree: number,
  action: string,
) {
  const percent = all === 0 ? 0 : (free / all) * 100;
  const message = texts.free(Math.floor(percent), (free / 2 ** 30).toFixed(1));
  if (percent >= minFree) return { status: "healthy" as const, message, actions: [] };
  const status = percent < 1 ? ("unhealthy" as const) : ("warning" as const);
  return { status, message, actions: [action] };
}

/** Those that are placed, by driver and server. */
function byServer(tenants: readonly TenantRecord[]): ReadonlyMap<string, readonly TenantRecord[]> {
  const servers = new Map<string, TenantRecord[]>();
  for (const tenant of tenants) {
    const { placement } = tenant;
    if (placement === undefined) continue;
    const server = `${placement.driver} ${placement.server}`;
    servers.set(server, [...(servers.get(server) ?? []), tenant]);
  }
  return servers;
}

/** Gives up waiting, not the look: what it does cannot be taken back. */
async function within(
  ms: number,
  look: Promise<Omit<Seen, "check" | "subject">>,
  late: Omit<Seen, "check" | "subject">,
) {
  const { promise, resolve } = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => resolve(late), timerLength(ms));
  try {
    return await Promise.race([look, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** How many tenants a recommended command names. */
const few = 5;
