import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defineCommand } from "../command/define-command.ts";
import { duration, text, whole } from "../command/flags.ts";
import { outcomeText } from "../command/outcome-text.ts";
import { selectionFlags } from "../command/shared-flags.ts";
import type { HealthStatus } from "../health/health-check.ts";
import { healthOutcome } from "../health/health-outcome.ts";
import type { HealthOutput } from "../outputs/health-output.ts";
import { write } from "../terminal/write.ts";

/** `health`: tells how registry, servers, databases, cache and machine are. */
export const health = defineCommand({
  path: "health",
  kind: "reads",
  arguments: {},
  flags: {
    ...selectionFlags,
    limit: whole("NUMBER", 1),
    timeout: duration("TIME"),
    minFree: whole("PERCENT"),
    watch: whole("SECONDS", 1),
    rounds: whole("NUMBER", 1),
    html: text("FILE"),
    webhook: text("URL"),
    webhookFrom: text("VARIABLE"),
  },
  examples: [
    "health",
    "health --tenants acme --json",
    "health --watch 30 --html /var/www/health.html --webhook-from HEALTH_URL",
  ],
  exits: [0, 1, 2, 130],
  output: "health",
  texts: {
    en: {
      brief: "Tells how registry, servers, tenants' databases, cache and machine are",
      description:
        "Exits with 1 while something is unhealthy, or somebody could not be notified. With --watch it looks again until it is stopped; with --json that is one document in a line for each look.\nStorage and memory are those of the machine that the command runs on.",
      arguments: {},
      flags: {
        limit: "How many tenants' databases are looked at; 50 when absent",
        timeout: "How long each check may take, and the start of the application; 10s when absent",
        minFree: "Percent of storage and memory that are to be free; 10 when absent",
        watch: "Look again after so many seconds, until it is stopped",
        rounds: "Stop after so many looks; with --watch",
        html: "Write a page with the latest look into a file",
        webhook: "Post JSON there when the status changes, and at first unless all is healthy",
        webhookFrom: "The environment variable with that address, where it is a secret",
      },
      noWeb: "give an address that begins with http:// or https://",
      noWebhook: (name: string) =>
        `The environment variable "${name}" has no address in it: set it to one that begins with http:// or https://.`,
      noPage: (file: string) =>
        `The page "${file}" cannot be written: give --html a file in a folder that is there and may be written in.`,
      twoWebhooks: "Give --webhook or --webhook-from, not both.",
      roundsAlone: "--rounds says how often --watch looks: give both.",
      starts: "It starts.",
      answers: "It answers.",
      silent: (seconds: number) => `No answer within ${seconds} s.`,
      servers: "Servers, folders, rights and limits are as they should be.",
      findings: (errors: number, warnings: number, first: string) =>
        `Errors ${errors}, warnings ${warnings}; the first: ${first}`,
      databases: (count: number) => `Databases that are there: ${count}.`,
      absent: (slug: string) => `The one of "${slug}" is not there.`,
      failing: (count: number, all: number, first: string) =>
        `Out of order: ${count} of ${all}; the first: ${first}`,
      migrated: "No tenant was left half-way.",
      redis: (state: string) => `It is ${state}.`,
      free: (percent: number, gigabytes: string) => `Free: ${percent} %, ${gigabytes} GB.`,
      title: "Health",
      columns: { check: "Check", status: "Status", message: "Message", actions: "What to do" },
      more: "There are more tenants: raise --limit.",
      notified: "Notified.",
      notNotified: (error: string) => `Nobody could be notified: ${error}.`,
    },
    de: {
      brief: "Sagt, wie es um Register, Server, Datenbanken, Cache und Maschine steht",
      description:
        "Endet mit 1, solange etwas krank ist oder niemand zu benachrichtigen war. Mit --watch wird bis zum Abbruch wieder nachgesehen, mit --json ein Dokument je Zeile.\nSpeicherplatz und Speicher sind die der Maschine, auf der der Befehl läuft.",
      arguments: {},
      flags: {
        limit: "Wie viele Datenbanken von Mandanten angesehen werden; ohne Angabe 50",
        timeout:
          "Wie lange jede Prüfung und der Start der Anwendung dauern dürfen; ohne Angabe 10s",
        minFree: "Wie viel Prozent von Platz und Speicher frei sein sollen; ohne Angabe 10",
        watch: "Nach so vielen Sekunden wieder nachsehen, bis zum Abbruch",
        rounds: "Nach so vielen Malen aufhören; mit --watch",
        html: "Schreibt den letzten Stand als Seite in eine Datei",
        webhook:
          "Sendet JSON dorthin, wenn sich der Stand ändert, und zu Beginn, wenn nicht alles gesund ist",
        webhookFrom: "Die Umgebungsvariable mit dieser Adresse, wo sie geheim ist",
      },
      noWeb: "eine Adresse angeben, die mit http:// oder https:// beginnt",
      noWebhook: (name: string) =>
        `Die Umgebungsvariable „${name}“ enthält keine Adresse: eine hineinsetzen, die mit http:// oder https:// beginnt.`,
      noPage: (file: string) =>
        `Die Seite „${file}“ ist nicht zu schreiben: mit --html eine Datei in einem Ordner nennen, den es gibt und in den man schreiben darf.`,
      twoWebhooks: "--webhook oder --webhook-from angeben, nicht beides.",
      roundsAlone: "--rounds sagt, wie oft --watch nachsieht: beides angeben.",
      starts: "Sie startet.",
      answers: "Es antwortet.",
      silent: (seconds: number) => `Keine Antwort in ${seconds} s.`,
      servers: "Server, Ordner, Rechte und Grenzen sind, wie sie sein sollen.",
      findings: (errors: number, warnings: number, first: string) =>
        `Fehler ${errors}, Warnungen ${warnings}; zuerst: ${first}`,
      databases: (count: number) => `Datenbanken, die da sind: ${count}.`,
      absent: (slug: string) => `Die von „${slug}“ ist nicht da.`,
      failing: (count: number, all: number, first: string) =>
        `Gestört: ${count} von ${all}; zuerst: ${first}`,
      migrated: "Kein Mandant blieb mittendrin stehen.",
      redis: (state: string) => `Es ist ${state}.`,
      free: (percent: number, gigabytes: string) => `Frei: ${percent} %, ${gigabytes} GB.`,
      title: "Zustand",
      columns: { check: "Prüfung", status: "Stand", message: "Meldung", actions: "Was zu tun ist" },
      more: "Es gibt mehr Mandanten: --limit erhöhen.",
      notified: "Benachrichtigt.",
      notNotified: (error: string) => `Niemand war zu benachrichtigen: ${error}.`,
    },
  },
  async run(session, input) {
    const { texts, catalogue, refuse, terminal, signal } = session;
    const { watch, rounds, html, webhook, webhookFrom } = input;
    if (rounds !== undefined && watch === undefined) refuse(texts.roundsAlone);
    if (webhook !== undefined && webhookFrom !== undefined) refuse(texts.twoWebhooks);
    const { webUrl } = await import("../web/send.ts");
    const address = webhookFrom === undefined ? webhook : terminal.environment[webhookFrom];
    const url = address === undefined ? undefined : webUrl(address);
    if (webhookFrom !== undefined && url === undefined) refuse(texts.noWebhook(webhookFrom));
    if (webhook !== undefined && url === undefined) {
      refuse(catalogue.refusals.badValue("--webhook", webhook, texts.noWeb));
    }
    const redacted = (value: HealthOutput): HealthOutput =>
      JSON.parse(
        JSON.stringify(value, (_key, one) =>
          typeof one === "string" ? terminal.redact(one) : one,
        ),
      );
    const last = watch === undefined ? 1 : (rounds ?? Number.POSITIVE_INFINITY);
    let previous: HealthStatus | null = null;
    for (let round = 1; ; round += 1) {
      const { lookOnce } = await import("../health/look-once.ts");
      const value = await lookOnce(session, input);
      const isNews = value.status !== (previous ?? "healthy");
      if (url !== undefined && isNews) {
        const { notify } = await import("../health/notify.ts");
        value.notification = await notify(redacted(value), { url, signal, previous });
      }
      if (html !== undefined) {
        const { healthPage, writeHealthPage } = await import("../health/health-page.ts");
        const page = healthPage(redacted(value), catalogue.language, texts);
        const file = resolve(terminal.folder, html);
        await writeHealthPage(file, page).catch(() => refuse(texts.noPage(html)));
      }
      previous = value.status;
      const outcome = healthOutcome(session, value);
      const hasStarted = value.checks.some(({ check }) => check === "memory");
      if (round >= last || !hasStarted) return outcome;
      await session.progress.pause();
      await write(terminal.stdout, await outcomeText(outcome, session.settings, terminal));
      await sleep((watch ?? 1) * 1_000, undefined, { signal });
      session.progress.resume();
    }
  },
});
