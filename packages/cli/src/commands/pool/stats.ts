import { defineCommand } from "../../command/define-command.ts";
import { list, text, whole } from "../../command/flags.ts";
import type { Session } from "../../command/session.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { PoolOutput } from "../../outputs/pool-output.ts";
import { factsOf } from "../../report-error.ts";
import { measure } from "../../tenants/measure.ts";

/** `pool stats`: tells how processes of the application use their connections. */
export const poolStats = defineCommand({
  path: "pool stats",
  kind: "reads",
  arguments: {},
  flags: { url: list("URL,..."), tokenFrom: text("VARIABLE"), top: whole("NUMBER") },
  examples: [
    "pool stats --url http://127.0.0.1:3000/pools",
    "pool stats --url http://app-1:3000/pools,http://app-2:3000/pools --token-from POOLS_TOKEN --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "pools",
  texts: {
    en: {
      brief: "Tells how the application's processes use their connections to databases",
      description:
        "A pool is its process's own, so each one is asked: give the address of a route that answers with `db.stats()` as JSON.",
      arguments: {},
      flags: {
        url: "The route of each process, such as http://127.0.0.1:3000/pools",
        tokenFrom: "The environment variable with what is sent as `Authorization: Bearer`",
        top: "How many tenants are shown for each server, those with most connections first; 10 when absent",
      },
      noUrl:
        "A pool can only be asked in its own process: let a route answer with db.stats() as JSON, and give its address by --url.",
      noWeb: "give an address that begins with http:// or https://",
      noToken: (name: string) =>
        `The environment variable "${name}" has no token in it: set it to printable ASCII characters without spaces.`,
      status: (status: number) => `it answers with ${status}`,
      noStats: "it does not answer with what db.stats() gives, as JSON",
      server: (driver: string, server: string) => `${driver} ${server}`,
      use: (open: number, limit: number, leased: number, waiting: number) =>
        `open ${open} of ${limit}, in use ${leased}, waiting ${waiting}`,
      history: (leases: number, reuse: number, exhausted: number) =>
        `leases ${leases}, without a new connection ${reuse} %, waited in vain ${exhausted}`,
      failing: (name: string, breaker: string) =>
        `"${name}" could not be opened the last time; its breaker is ${breaker}`,
      columns: { tenant: "Tenant", open: "Open", leased: "In use", waiting: "Waiting" },
    },
    de: {
      brief: "Sagt, wie die Prozesse der Anwendung ihre Verbindungen nutzen",
      description:
        "Ein Vorrat an Verbindungen gehört seinem Prozess, darum wird jeder gefragt: die Adresse einer Route angeben, die mit `db.stats()` als JSON antwortet.",
      arguments: {},
      flags: {
        url: "Die Route jedes Prozesses, wie http://127.0.0.1:3000/pools",
        tokenFrom: "Die Umgebungsvariable mit dem, was als `Authorization: Bearer` gesendet wird",
        top: "Wie viele Mandanten je Server gezeigt werden, die mit den meisten Verbindungen zuerst; ohne Angabe 10",
      },
      noUrl:
        "Verbindungen kennt nur ihr eigener Prozess: eine Route mit db.stats() als JSON antworten lassen und ihre Adresse mit --url angeben.",
      noWeb: "eine Adresse angeben, die mit http:// oder https:// beginnt",
      noToken: (name: string) =>
        `Die Umgebungsvariable „${name}“ enthält kein Token: druckbare ASCII-Zeichen ohne Leerzeichen hineinsetzen.`,
      status: (status: number) => `er antwortet mit ${status}`,
      noStats: "er antwortet nicht mit dem, was db.stats() gibt, als JSON",
      server: (driver: string, server: string) => `${driver} ${server}`,
      use: (open: number, limit: number, leased: number, waiting: number) =>
        `offen ${open} von ${limit}, in Gebrauch ${leased}, wartend ${waiting}`,
      history: (leases: number, reuse: number, exhausted: number) =>
        `vergeben ${leases}, ohne neue Verbindung ${reuse} %, vergeblich gewartet ${exhausted}`,
      failing: (name: string, breaker: string) =>
        `„${name}“ war zuletzt nicht zu öffnen; seine Sicherung ist ${breaker}`,
      columns: { tenant: "Mandant", open: "Offen", leased: "In Gebrauch", waiting: "Wartend" },
    },
  },
  async run(session, { url: urls, tokenFrom, top = 10 }) {
    const { texts, catalogue, terminal, refuse } = session;
    if (urls === undefined) return refuse(texts.noUrl);
    const { webUrl } = await import("../../web/send.ts");
    const cost = measure();
    const token = tokenFrom === undefined ? undefined : terminal.environment[tokenFrom];
    if (tokenFrom !== undefined && !/^[\x21-\x7e]+$/.test(token ?? "")) {
      refuse(texts.noToken(tokenFrom));
    }
    const addresses = urls.map(
      (text) => webUrl(text) ?? refuse(catalogue.refusals.badValue("--url", text, texts.noWeb)),
    );
    const processes: PoolOutput["processes"] = await Promise.all(
      addresses.map((url) => askProcess(session, url, token)),
    );
    const lost = processes.filter(({ error }) => error !== null).length;
    const value: PoolOutput = { processes, cost: cost() };
    return {
      value,
      exit: exitOf(lost, processes.length),
      quiet: processes.filter(({ error }) => error === null).map(({ url }) => url),
      show(print) {
        for (const { url, servers, error } of processes) {
          print.line(url, "bold");
          if (error !== null) print.line(`  ${error}`, "red");
          for (const one of servers) {
            const { open, limit, leased, waiting, leases, reuse, exhausted } = one;
            print.line(`  ${texts.server(one.driver, one.server)}`);
            print.line(`  ${texts.use(open, limit, leased, waiting)}`);
            print.line(`  ${texts.history(leases, Math.round(reuse * 100), exhausted)}`);
            for (const { name, breaker } of one.failing) {
              print.line(`  ${texts.failing(name, breaker)}`, "red");
            }
            const busiest = one.tenants.toSorted((a, b) => b.open - a.open).slice(0, top);
            print.rows(
              busiest.map((tenant) => ({
                [texts.columns.tenant]: tenant.tenantId,
                [texts.columns.open]: String(tenant.open),
                [texts.columns.leased]: String(tenant.leased),
                [texts.columns.waiting]: String(tenant.waiting),
              })),
            );
          }
        }
      },
    };
  },
});

async function askProcess(
  { texts, catalogue, signal }: Session<{ noStats: string; status(status: number): string }>,
  url: URL,
  token: string | undefined,
): Promise<PoolOutput["processes"][number]> {
  const { poolOfServer } = await import("../../outputs/pool-output.ts");
  const { send } = await import("../../web/send.ts");
  const without = (error: string) => ({ url: url.href, servers: [], error });
  const headers = {
    accept: "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  try {
    const { status, text: answer } = await send({ url, headers, timeoutMs, signal });
    if (status !== 200) return without(texts.status(status));
    const servers = poolOfServer.array().safeParse(parsed(answer));
    if (!servers.success) return without(texts.noStats);
    return { url: url.href, servers: servers.data, error: null };
  } catch (error) {
    return without(factsOf(error, catalogue).message);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function exitOf(lost: number, all: number) {
  if (lost === 0) return exitCodes.ok;
  return lost === all ? exitCodes.failed : exitCodes.partial;
}

const timeoutMs = 5_000;
