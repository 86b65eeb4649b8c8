import { reaching, sharedLookups } from "../../cache/shared-lookups.ts";
import { defineCommand } from "../../command/define-command.ts";
import { on } from "../../command/flags.ts";
import type { WarmOutput } from "../../outputs/cache-output.ts";
import { measure } from "../../tenants/measure.ts";

/** `cache warm`: puts all active tenants where every process finds them. */
export const cacheWarm = defineCommand({
  path: "cache warm",
  kind: "changes",
  arguments: {},
  flags: { clear: on(), stats: on() },
  examples: ["cache warm", "cache warm --clear --stats --json"],
  exits: [0, 1, 2, 130],
  output: "warm",
  texts: {
    en: {
      brief: "Reads all active tenants into the Redis that the application's processes share",
      description:
        "Their own memory cannot be filled from here: call `store.warm()` where they start. Without Redis it is refused.",
      arguments: {},
      flags: {
        clear: "Remove what lies there before",
        stats: "Count what lies there afterwards",
      },
      dryRun: "What lies there now",
      noShared:
        "The application shares no look-ups through Redis, and the memory of its processes cannot be filled from here: pass `redis` to cachedTenantStore(), or call store.warm() where they start.",
      done: (tenants: number, references: number, milliseconds: number) =>
        `In Redis: ${tenants} tenants under ${references} names, in ${milliseconds} ms.`,
      lies: (tenants: number, references: number) =>
        `Redis has ${tenants} tenants under ${references} names.`,
    },
    de: {
      brief: "Liest alle aktiven Mandanten in das Redis, das sich die Prozesse teilen",
      description:
        "Deren eigener Speicher ist von hier nicht zu füllen: `store.warm()` beim Start aufrufen. Ohne Redis wird es abgelehnt.",
      arguments: {},
      flags: {
        clear: "Vorher entfernen, was dort liegt",
        stats: "Danach zählen, was dort liegt",
      },
      dryRun: "Was jetzt dort liegt",
      noShared:
        "Die Anwendung teilt keine Auskünfte über Redis, und der Speicher ihrer Prozesse ist von hier nicht zu füllen: cachedTenantStore() ein `redis` geben, oder store.warm() beim Start aufrufen.",
      done: (tenants: number, references: number, milliseconds: number) =>
        `In Redis: ${tenants} Mandanten unter ${references} Namen, in ${milliseconds} ms.`,
      lies: (tenants: number, references: number) =>
        `Redis hat ${tenants} Mandanten unter ${references} Namen.`,
    },
  },
  async run(session, { clear = false, stats = false }) {
    const { texts, settings, catalogue } = session;
    const cost = measure();
    const { tenancy } = await session.application();
    const lookups = sharedLookups(tenancy);
    if (lookups === undefined) return session.refuse(texts.noShared);
    const { dryRun } = settings;
    const nobody = { tenants: 0, references: 0, milliseconds: 0 };
    const { read, shared } = await reaching(tenancy, lookups, async () => {
      if (clear && !dryRun) await lookups.clear();
      const read = dryRun ? nobody : await lookups.warm();
      return { read, shared: stats || dryRun ? await lookups.sharedSize() : undefined };
    });
    const { tenants, references } = read;
    const value: WarmOutput = {
      ...{ dryRun, cleared: clear && !dryRun, tenants, references },
      milliseconds: Math.round(read.milliseconds),
      ...{ shared: shared ?? null, cost: cost() },
    };
    return {
      value,
      show(print) {
        if (!dryRun) print.line(texts.done(tenants, references, value.milliseconds), "green");
        if (shared !== undefined) print.line(texts.lies(shared.tenants, shared.references));
        if (dryRun) print.line(catalogue.words.nothingChanged, "yellow");
      },
    };
  },
});
