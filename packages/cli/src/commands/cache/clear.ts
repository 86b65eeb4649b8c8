import type { ApplicationCache, Tenancy, TenantRecord } from "@af-tenancy/core";
import { reaching, sharedLookups } from "../../cache/shared-lookups.ts";
import { defineCommand } from "../../command/define-command.ts";
import { choice, list } from "../../command/flags.ts";
import { fleetFlags } from "../../command/shared-flags.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `cache clear`: forgets what is remembered of tenants, and what the application keeps for them. */
export const cacheClear = defineCommand({
  path: "cache clear",
  kind: "destroys",
  arguments: {},
  flags: { ...fleetFlags, only: choice(["lookups", "application"]), store: list("NAME,...") },
  examples: [
    "cache clear --tenants acme",
    "cache clear --only lookups --yes",
    "cache clear --tenants acme,globex --only application --store default,pages --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Forgets look-ups of tenants everywhere, and empties the application's caches of each",
      description:
        "Without --tenants it is everybody, which is asked for. Look-ups are forgotten in Redis and in every running process, by a message through it; without Redis each process has its own, and nothing here reaches them.\nOf the application's caches those are emptied that lie outside of its processes: a memoryCache() is theirs alone.",
      arguments: {},
      flags: {
        only: "Only look-ups, or only the application's caches; both when absent",
        store: "Which of the application's caches; the one called default when absent",
      },
      dryRun: "Whose caches would be cleared",
      ask: (count: number) => `Clear the caches of ${count} tenants?`,
      noShared:
        "The application shares no look-ups through Redis, so that nothing here reaches what its processes remember: start them again, or pass `redis` to cachedTenantStore().",
      noCaches: "The application keeps no caches for its tenants: give it a cacheBootstrapper().",
    },
    de: {
      brief: "Vergisst überall Auskünfte über Mandanten und leert die Caches der Anwendung",
      description:
        "Ohne --tenants sind es alle, und danach wird gefragt. Auskünfte werden in Redis und in jedem laufenden Prozess vergessen, durch eine Nachricht darüber; ohne Redis hat jeder Prozess seine eigenen, und von hier erreicht sie nichts.\nVon den Caches der Anwendung werden die geleert, die außerhalb ihrer Prozesse liegen: ein memoryCache() ist nur ihrer.",
      arguments: {},
      flags: {
        only: "Nur Auskünfte, oder nur die Caches der Anwendung; ohne Angabe beides",
        store: "Welche Caches der Anwendung; ohne Angabe der namens default",
      },
      dryRun: "Wessen Caches geleert würden",
      ask: (count: number) => `Die Caches von ${count} Mandanten leeren?`,
      noShared:
        "Die Anwendung teilt keine Auskünfte über Redis, so dass von hier nichts erreicht, was ihre Prozesse wissen: sie neu starten, oder cachedTenantStore() ein `redis` geben.",
      noCaches:
        "Die Anwendung hält keine Caches für ihre Mandanten: ihr einen cacheBootstrapper() geben.",
    },
  },
  async run(session, { only, store: stores = ["default"], ...selection }) {
    const { texts, settings } = session;
    const { tenancy, actor } = await session.application();
    const lookups = only === "application" ? undefined : sharedLookups(tenancy);
    if (only === "lookups" && lookups === undefined) session.refuse(texts.noShared);
    const tenants = await selectFleet(session, selection);
    if (only !== "lookups" && lookups === undefined && (await hasNoCaches(tenancy, tenants))) {
      session.refuse(only === undefined ? texts.noShared : texts.noCaches);
    }
    const isEverybody = selection.tenants === undefined && selection.skipTenants === undefined;
    if (!settings.dryRun && selection.tenants === undefined) {
      await askConsent(session, texts.ask(tenants.length));
    }
    if (!settings.dryRun && isEverybody && lookups !== undefined) {
      // At once, and with what is remembered of tenants that are gone.
      await reaching(tenancy, lookups, () => lookups.clear());
    }
    return visitFleet(session, tenants, {
      ...{ processes: selection.processes, skipFailing: selection.skipFailing },
      async visit(tenant) {
        if (lookups !== undefined && !isEverybody) {
          await reaching(tenancy, lookups, () => lookups.clear(tenant.id));
        }
        const mayLack = only === undefined && lookups !== undefined;
        const emptied =
          only === "lookups" ? [] : await emptyCaches(tenancy, tenant, { stores, mayLack, actor });
        return { lookups: lookups !== undefined, application: emptied };
      },
    });
  },
});

/** Asks the first tenant that may be entered: what an application gives to one it gives to all. */
async function hasNoCaches(tenancy: Tenancy, tenants: readonly TenantRecord[]): Promise<boolean> {
  const { TENANT_CACHES, ValueMissingError } = await import("@af-tenancy/core");
  for (const tenant of tenants) {
    try {
      return await tenancy.run(tenant, async () => {
        tenancy.get(TENANT_CACHES);
        return false;
      });
    } catch (error) {
      if (error instanceof ValueMissingError) return true;
    }
  }
  return false;
}

/** Which of the application's caches are emptied, whether there may be none, and who does it. */
interface Emptying {
  readonly stores: readonly string[];
  readonly mayLack: boolean;
  readonly actor: string;
}

/** Gives the names of those that were emptied; none where the application has no caches. */
async function emptyCaches(
  tenancy: Tenancy,
  tenant: TenantRecord,
  { stores, mayLack, actor }: Emptying,
): Promise<readonly string[]> {
  const { TENANT_CACHES, ValueMissingError } = await import("@af-tenancy/core");
  const empty = async () => {
    let caches: readonly ApplicationCache[];
    try {
      caches = stores.map((store) => tenancy.get(TENANT_CACHES).cache(store));
    } catch (error) {
      if (mayLack && error instanceof ValueMissingError) return [];
      throw error;
    }
    for (const cache of caches) await cache.clear();
    return stores;
  };
  return tenancy.run(tenant, empty, { actor });
}
