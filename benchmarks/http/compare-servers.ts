import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { median } from "../median.ts";
import { report } from "../report.ts";
import { type Client, openClient } from "./client.ts";

/** Two processes that run the same code differ by some percent, so a pair is started anew this often. */
const pairs = 7;
/** Many short rounds: what else the machine does meets both sides of a round alike. */
const rounds = 41;
const routeNames = ["read", "empty"] as const;
const requests = {
  /** Until the engine has compiled everything on the way for good, which of MikroORM takes it tens of thousands of queries. */
  warming: { read: 30_000, empty: 30_000 },
  round: { read: 120, empty: 1_500 },
} as const;

type Side = "ours" | "baseline";
type Measured = Record<"ours" | "baseline" | "ratios", number[]>;

interface Server {
  readonly side: Side;
  readonly child: ChildProcess;
  readonly client: Client;
}

/**
 * Loads two servers in turn and reports the ratio of their throughput for each route. Each runs in a process of its own,
 * as applications do, so that neither meets code that was optimised for the other's requests. The file is started with
 * the word that `words` has for a side; the same word for both tells how exact the measurement is.
 */
export async function compareServers(
  name: string,
  file: string,
  words: Readonly<Record<Side, string>> = { ours: "ours", baseline: "baseline" },
): Promise<void> {
  const measured = {
    read: { ours: [], baseline: [], ratios: [] } as Measured,
    empty: { ours: [], baseline: [], ratios: [] } as Measured,
  };
  for (let pair = 0; pair < pairs; pair++) {
    const sides: Side[] = pair % 2 === 0 ? ["ours", "baseline"] : ["baseline", "ours"];
    const servers = await Promise.all(sides.map((side) => start(side, file, words[side])));
    for (const route of routeNames) await measure(servers, route, measured[route]);
    await Promise.all(servers.map(stop));
  }
  for (const route of routeNames) {
    const { ours, baseline, ratios } = measured[route];
    report({
      name: `${name}/${route}`,
      ratio: median(ratios),
      ours: median(ours),
      baseline: median(baseline),
      unit: "requests/s",
    });
  }
}

async function measure(
  servers: Server[],
  route: (typeof routeNames)[number],
  { ours, baseline, ratios }: Measured,
): Promise<void> {
  const request = Buffer.from(routes[route]);
  const perRound = requests.round[route];
  for (let sent = 0; sent < requests.warming[route]; sent += perRound) {
    for (const { client } of servers) await client.load(request, perRound);
  }
  for (let round = 0; round < rounds; round++) {
    const result = { ours: 0, baseline: 0 };
    for (const { side, client } of servers) result[side] = await client.load(request, perRound);
    servers.reverse();
    ours.push(result.ours);
    baseline.push(result.baseline);
    ratios.push(result.ours / result.baseline);
  }
}

async function start(side: Side, file: string, word: string): Promise<Server> {
  const child = fork(file, [word]);
  const [port] = (await once(child, "message")) as [number];
  return { side, child, client: await openClient(port) };
}

async function stop({ child, client }: Server): Promise<void> {
  const exit = once(child, "exit");
  client.close();
  child.disconnect();
  await exit;
}

const headers = "Host: acme.localhost\r\nConnection: keep-alive\r\n";
const body = '{"id":1}';
const routes = {
  read: `POST /read HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  empty: `GET /empty HTTP/1.1\r\n${headers}\r\n`,
};
