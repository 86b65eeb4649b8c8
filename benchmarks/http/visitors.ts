import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** Browsers with a session and a connection each. */
export interface Visitors {
  /** Has each of them ask so often, with pauses of random length, and gives the milliseconds of every answer. */
  visit(times: number): Promise<readonly number[]>;
  close(): void;
}

/** Milliseconds of the longest pause between two requests of a visitor. */
const longestPause = 40;

/** Has so many visitors come to a server, who keep the cookies that they get. */
export async function visitorsOf(port: number, count: number): Promise<Visitors> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const cookies = await Promise.all(
    Array.from({ length: count }, async () => (await ask(agent, port)).cookie),
  );
  return {
    async visit(times) {
      const measured = await Promise.all(
        cookies.map(async (cookie) => {
          const own: number[] = [];
          for (let asked = 0; asked < times; asked++) {
            await sleep(Math.random() * longestPause);
            own.push((await ask(agent, port, cookie)).milliseconds);
          }
          return own;
        }),
      );
      return measured.flat();
    },
    close: () => agent.destroy(),
  };
}

async function ask(agent: Agent, port: number, cookie?: string) {
  const headers = { host: "acme.localhost", ...(cookie !== undefined && { cookie }) };
  const { promise, resolve, reject } = Promise.withResolvers<{
    cookie: string;
    milliseconds: number;
  }>();
  const started = performance.now();
  request({ agent, port, host: "127.0.0.1", path: "/visits", headers })
    .on("error", reject)
    .on("response", (response) => {
      text(response)
        .then((body) => {
          const milliseconds = performance.now() - started;
          if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${body}`);
          const [set = ""] = response.headers["set-cookie"] ?? [];
          resolve({ cookie: set.split(";")[0] ?? "", milliseconds });
        }, reject)
        .catch(reject);
    })
    .end();
  return promise;
}
