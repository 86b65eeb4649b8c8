import { randomBytes } from "node:crypto";
import { defineCommand } from "../../command/define-command.ts";
import { list, text, whole } from "../../command/flags.ts";
import type { Session } from "../../command/session.ts";
import type { Application } from "../../config/application.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Pair, Probe, Surface } from "../../isolation/pair.ts";
import type { IsolationOutput } from "../../outputs/isolation-output.ts";
import { factsOf } from "../../report-error.ts";
import { measure } from "../../tenants/measure.ts";

/** `test isolation`: makes two tenants and looks whether they see anything of each other. */
export const testIsolation = defineCommand({
  path: "test isolation",
  kind: "changes",
  arguments: {},
  flags: { url: list("URL,..."), hosts: text("PATTERN"), rounds: whole("NUMBER", 1) },
  examples: [
    "test isolation",
    "test isolation --hosts '{slug}.example.com' --url 'http://127.0.0.1:3000/remember?text={canary}' --url http://127.0.0.1:3000/notes --json",
  ],
  exits: [0, 1, 2, 130],
  output: "isolation",
  texts: {
    en: {
      brief: "Makes two tenants, and looks whether they see anything of each other",
      description:
        "Each gets rows with equal keys and texts of its own in database and cache, through your configuration, in turns; the first one ends first.\nThe routes of --url are asked for both at once, in order; `{slug}` and `{canary}` in them stand for the tenant's slug and a text of its own. Give one that keeps the text in the session, and then one without `{canary}` that shows it.\nExits with 1 when something leaks, and when nothing was shown of a surface, so that nothing is known of it. The two tenants are removed afterwards, also when it is stopped.",
      arguments: {},
      flags: {
        url: "Routes of the application that runs",
        hosts:
          "The host of each tenant, with {slug} in it, which becomes its domain; needed unless the routes have {slug} in them",
        rounds: "How often the routes are asked; 10 when absent",
      },
      dryRun: "Which surfaces would be looked at",
      noWeb: "give an address that begins with http:// or https://",
      noSlug: "it has no {slug} in it",
      needsHosts:
        "Say how a tenant is told: --hosts '{slug}.example.com', or {slug} in each --url.",
      isolated: "Each saw its own, and nothing of the other.",
      noDatabase: "The application has no databases of tenants.",
      noEntity:
        "No entity has one key and a text and needs nothing else: look at this surface by --url.",
      noCache: "The application has no cache of tenants.",
      lost: (slug: string) => `"${slug}" does not see its own any more.`,
      seen: (slug: string, other: string) => `"${slug}" saw what is of "${other}".`,
      failed: (reason: string) => `It failed: ${reason}`,
      noRoute:
        "No route showed to both what is theirs: give one that shows rows, or one that keeps {canary} and one that shows it.",
      noAnswer: (reason: string) =>
        `The routes could not be asked: ${reason}. Start the application, and see that --url leads to it.`,
      routes: (answers: number) => `Nothing of the other in ${answers} answers.`,
      noCookie: "No cookie was set.",
      noSession:
        "No route without {canary} shows it by the session alone, so that nothing is known of it: give one.",
      session: "The cookies of one show nothing of it to the other.",
      would: "Would be looked at:",
    },
    de: {
      brief: "Legt zwei Mandanten an und sieht nach, ob sie etwas voneinander sehen",
      description:
        "Jeder bekommt Zeilen mit gleichen Schlüsseln und eigene Texte in Datenbank und Cache, durch Ihre Konfiguration und abwechselnd; der erste endet zuerst.\nDie Routen von --url werden für beide zugleich und der Reihe nach gefragt; `{slug}` und `{canary}` darin stehen für das Kürzel des Mandanten und einen Text, der nur seiner ist. Eine angeben, die den Text in der Sitzung behält, dann eine ohne `{canary}`, die ihn zeigt.\nEndet mit 1, wenn etwas durchsickert, und wenn sich nichts zeigte, so dass man nichts weiß. Die Mandanten werden danach entfernt, auch bei Abbruch.",
      arguments: {},
      flags: {
        url: "Routen der laufenden Anwendung",
        hosts:
          "Der Host jedes Mandanten, mit {slug} darin, der seine Domain wird; nötig, wenn die Routen kein {slug} haben",
        rounds: "Wie oft die Routen gefragt werden; ohne Angabe 10",
      },
      dryRun: "Was angesehen würde",
      noWeb: "eine Adresse angeben, die mit http:// oder https:// beginnt",
      noSlug: "es enthält kein {slug}",
      needsHosts:
        "Sagen, woran ein Mandant zu erkennen ist: --hosts '{slug}.example.com', oder {slug} in jeder --url.",
      isolated: "Jeder sah das Seine und nichts vom anderen.",
      noDatabase: "Die Anwendung hat keine Datenbanken von Mandanten.",
      noEntity:
        "Keine Entität hat einen Schlüssel und einen Text und braucht sonst nichts: durch --url ansehen.",
      noCache: "Die Anwendung hat keinen Cache von Mandanten.",
      lost: (slug: string) => `„${slug}“ sieht das Seine nicht mehr.`,
      seen: (slug: string, other: string) => `„${slug}“ sah, was „${other}“ gehört.`,
      failed: (reason: string) => `Es schlug fehl: ${reason}`,
      noRoute:
        "Keine Route zeigte beiden das Ihre: eine angeben, die Zeilen zeigt, oder eine, die {canary} behält, und eine, die es zeigt.",
      noAnswer: (reason: string) =>
        `Die Routen waren nicht zu fragen: ${reason}. Die Anwendung starten, und nachsehen, ob --url zu ihr führt.`,
      routes: (answers: number) => `Nichts vom anderen in ${answers} Antworten.`,
      noCookie: "Kein Cookie wurde gesetzt.",
      noSession:
        "Keine Route ohne {canary} zeigt es allein durch die Sitzung, so dass man nichts weiß: eine angeben.",
      session: "Die Cookies des einen zeigen dem anderen nichts davon.",
      would: "Angesehen würden:",
    },
  },
  async run(session, { url: urls = [], hosts, rounds = 10 }) {
    const { texts, catalogue, settings, refuse, signal } = session;
    const { badValue } = catalogue.refusals;
    const { webUrl } = await import("../../web/send.ts");
    for (const one of urls) {
      const plain = one.replaceAll(/\{(slug|canary)\}/g, "x");
      if (webUrl(plain) === undefined) refuse(badValue("--url", one, texts.noWeb));
      if (hosts === undefined && !one.includes("{slug}")) refuse(texts.needsHosts);
    }
    if (hosts !== undefined && !hosts.includes("{slug}")) {
      refuse(badValue("--hosts", hosts, texts.noSlug));
    }
    const cost = measure();
    const application = await session.application();
    const outcome = (surfaces: readonly Surface[], tenants: readonly string[]) => {
      const value: IsolationOutput = {
        ...{ dryRun: settings.dryRun, tenants: [...tenants], surfaces: [...surfaces] },
        cost: cost(),
      };
      const isFailed = surfaces.some(({ state }) => state === "leaking" || state === "untested");
      return {
        value,
        exit: isFailed ? exitCodes.failed : exitCodes.ok,
        quiet: surfaces.map(({ surface, state }) => `${surface} ${state}`),
        show(print: Parameters<import("../../command/define-command.ts").Outcome["show"]>[0]) {
          if (settings.dryRun) print.line(texts.would, "yellow");
          for (const { surface, state, message } of surfaces) {
            const style = state === "isolated" ? "green" : failing.has(state) ? "red" : "dim";
            print.line(`${surface.padEnd(8)}  ${state.padEnd(8)}  ${message}`.trimEnd(), style);
          }
          if (settings.dryRun) print.line(catalogue.words.nothingChanged, "yellow");
        },
      };
    };
    if (settings.dryRun) {
      const would = ["database", "cache", ...(urls.length > 0 ? ["routes", "session"] : [])];
      return outcome(
        would.map((surface) => ({ surface: surface as "cache", state: "waiting", message: "" })),
        [],
      );
    }
    const pair = await makePair(session, application, hosts);
    const { probeCache, probeDatabase } = await import("../../isolation/probe-inside.ts");
    const { probeRoutes } = await import("../../isolation/probe-routes.ts");
    const surfaces: Surface[] = [
      await probeDatabase(application, pair, texts),
      await probeCache(application, pair, texts),
    ];
    if (urls.length > 0) {
      const probed = probeRoutes(pair, texts, { urls, rounds, signal });
      surfaces.push(
        ...(await probed.catch((error: unknown): readonly Surface[] => {
          if (signal.aborted) throw error;
          const message = texts.noAnswer(factsOf(error, catalogue).message);
          return unasked.map((surface) => ({ surface, state: "untested", message }));
        })),
      );
    }
    return outcome(
      surfaces,
      pair.map(({ tenant }) => tenant.slug),
    );
  },
});

const unasked = Object.freeze(["routes", "session"] as const);

const failing: ReadonlySet<string> = new Set(["leaking", "untested"]);

/** Makes the two, and sees to it that they go, whatever becomes of the command. */
async function makePair(
  { atEnd }: Session,
  { tenancy, actor }: Application,
  hosts: string | undefined,
): Promise<Pair> {
  const random = () => randomBytes(8).toString("hex");
  const run = random();
  const make = async (letter: string): Promise<Probe> => {
    const slug = `isolation-${run}-${letter}`;
    const host = hosts?.replaceAll("{slug}", slug);
    const making = tenancy.central(
      () =>
        tenancy.tenants.create({
          slug,
          ...(host !== undefined && { domains: [host] }),
          metadata: { test: { until: Date.now() + hourMs } },
        }),
      { actor },
    );
    atEnd(async () => {
      await making.catch(() => undefined);
      const left = await tenancy.find({ by: "slug", value: slug });
      if (left === undefined) return;
      await tenancy.central(() => tenancy.tenants.purge(left.id, { skipGrace: true }), { actor });
    });
    const tenant = await making;
    const canaryOf = (surface: string) => `canary-${surface}-${letter}-${random()}`;
    return {
      ...{ tenant, host, database: canaryOf("d"), cache: canaryOf("c"), route: canaryOf("r") },
    };
  };
  return [await make("a"), await make("b")];
}

/** Should the process be killed, `tenant test delete --over` removes them after it. */
const hourMs = 3_600_000;
