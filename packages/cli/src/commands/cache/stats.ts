import { redisState, sharedLookups } from "../../cache/shared-lookups.ts";
import { defineCommand } from "../../command/define-command.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { CacheOutput } from "../../outputs/cache-output.ts";
import { measure } from "../../tenants/measure.ts";

/** `cache stats`: tells what lies in the Redis that the application's processes share. */
export const cacheStats = defineCommand({
  path: "cache stats",
  kind: "reads",
  arguments: {},
  flags: {},
  examples: ["cache stats", "cache stats --json"],
  exits: [0, 1, 2, 130],
  output: "cache",
  texts: {
    en: {
      brief: "Tells what lies in the Redis that the application's processes share",
      description:
        "What their own memory has, and how often it had the answer, only they know: `store.stats()` tells it there.",
      arguments: {},
      flags: {},
      none: "The application shares no look-ups through Redis; what its processes remember cannot be seen from here.",
      state: (state: string) => `Redis is ${state}.`,
      lies: (tenants: number, references: number, milliseconds: number) =>
        `It has ${tenants} tenants under ${references} names, counted in ${milliseconds} ms.`,
    },
    de: {
      brief: "Sagt, was in dem Redis liegt, das sich die Prozesse der Anwendung teilen",
      description:
        "Was ihr eigener Speicher hat, und wie oft er die Antwort wusste, wissen nur sie: dort sagt es `store.stats()`.",
      arguments: {},
      flags: {},
      none: "Die Anwendung teilt keine Auskünfte über Redis; was ihre Prozesse wissen, ist von hier nicht zu sehen.",
      state: (state: string) => `Redis ist ${state}.`,
      lies: (tenants: number, references: number, milliseconds: number) =>
        `Es hat ${tenants} Mandanten unter ${references} Namen, gezählt in ${milliseconds} ms.`,
    },
  },
  async run(session) {
    const { texts } = session;
    const cost = measure();
    const { tenancy } = await session.application();
    const lookups = sharedLookups(tenancy);
    let shared: CacheOutput["shared"] = null;
    if (lookups !== undefined) {
      const state = await redisState(lookups);
      const start = performance.now();
      const size = (await lookups.sharedSize()) ?? null;
      shared = { state, size, milliseconds: Math.round(performance.now() - start) };
    }
    const value: CacheOutput = { shared, cost: cost() };
    const isLost = shared !== null && (shared.state !== "up" || shared.size === null);
    return {
      value,
      exit: isLost ? exitCodes.failed : exitCodes.ok,
      show(print) {
        if (shared === null) return print.line(texts.none, "dim");
        const { state, size, milliseconds } = shared;
        print.line(texts.state(state), isLost ? "red" : "green");
        if (size !== null) print.line(texts.lies(size.tenants, size.references, milliseconds));
      },
    };
  },
});
