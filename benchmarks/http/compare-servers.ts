import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { median } from "../median.ts";
import { report } from "../report.ts";
import { load } from "./load.ts";

/** Two processes that run the same code differ by several percent, so a pair is started anew this often. */
const pairs = 9;
const rounds = { warming: 2, measured: 5 };
const routeNames = ["read", "empty"] as const;
const requests = {
  warming: { read: 1_500, empty: 12_000 },
  measured: { read: 600, empty: 3_000 },
} as const;

type Measured = Record<"ours" | "baseline" | "ratios", number[]>;

/**
 * Loads two servers in turn and reports the ratio of their throughput for each route. Each runs in a process of its own,
 * as applications do, so that neither meets code that was optimised for the other's requests.
 */
export async function compareServers(name: string, server: string): Promise<void> {
  const measured = {
    read: { ours: [], baseline: [], ratios: [] } as Measured,
    empty: { ours: [], baseline: [], ratios: [] } as Measured,
  };
  for (let pair = 0; pair < pairs; pair++) await measurePair(server, pair % 2 === 0, measured);
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

async function measurePair(
  server: string,
  oursFirst: boolean,
  measured: Record<(typeof routeNames)[number], Measured>,
): Promise<void> {
  const sides = oursFirst ? (["ours", "baseline"] as const) : (["baseline", "ours"] as const);
  const servers = [];
  for (const side of sides) {
    const child = fork(server, [side]);
    servers.push({ side, child, port: await portOf(child) });
  }
  for (const route of routeNames) {
    for (let round = -rounds.warming; round < rounds.measured; round++) {
      const count = requests[round < 0 ? "warming" : "measured"][route];
      const result = { ours: 0, baseline: 0 };
      for (const { side, port } of servers) {
        result[side] = await load(port, routes[route], count);
      }
      servers.reverse();
      if (round < 0) continue;
      measured[route].ours.push(result.ours);
      measured[route].baseline.push(result.baseline);
      measured[route].ratios.push(result.ours / result.baseline);
    }
  }
  for (const { child } of servers) {
    child.disconnect();
    await once(child, "exit");
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const [port] = (await once(child, "message")) as [number];
  return port;
}

const headers = "Host: acme.localhost\r\nConnection: keep-alive\r\n";
const body = '{"id":1}';
const routes = {
  read: `POST /read HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  empty: `GET /empty HTTP/1.1\r\n${headers}\r\n`,
};
