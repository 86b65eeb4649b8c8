import { fork } from "node:child_process";
import { once } from "node:events";
import { median } from "../median.ts";
import { report } from "../report.ts";
import { load } from "./load.ts";

interface Ports {
  readonly ours: number;
  readonly baseline: number;
}

const rounds = 31;
const requests = { read: 600, empty: 3_000 } as const;

/** Loads two servers in turn, from a process of its own, and reports the ratio of their throughput for each route. */
export async function compareServers(name: string, server: string): Promise<void> {
  const child = fork(server);
  const [ports] = (await once(child, "message")) as [Ports];
  for (const route of ["read", "empty"] as const) {
    const measured = { ours: [] as number[], baseline: [] as number[], ratios: [] as number[] };
    for (let round = -4; round < rounds; round++) {
      const first = round % 2 === 0;
      const a = await load(ports[first ? "ours" : "baseline"], routes[route], requests[route]);
      const b = await load(ports[first ? "baseline" : "ours"], routes[route], requests[route]);
      if (round < 0) continue;
      const [ours, baseline] = first ? [a, b] : [b, a];
      measured.ours.push(ours);
      measured.baseline.push(baseline);
      measured.ratios.push(ours / baseline);
    }
    report({
      name: `${name}/${route}`,
      ratio: median(measured.ratios),
      ours: median(measured.ours),
      baseline: median(measured.baseline),
      unit: "requests/s",
    });
  }
  child.disconnect();
  await once(child, "exit");
}

const headers = "Host: acme.localhost\r\nConnection: keep-alive\r\n";
const body = '{"id":1}';
const routes = {
  read: `POST /read HTTP/1.1\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  empty: `GET /empty HTTP/1.1\r\n${headers}\r\n`,
};
