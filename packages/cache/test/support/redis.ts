import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { onTestFinished } from "vitest";

/** The Redis of the tests. */
export const redisUrl = process.env.AF_REDIS_URL ?? "redis://127.0.0.1:6379";

/** Why there is none; empty where there is. */
export const noRedis: string = await whatIsMissing();

/** Keys that no other test has; they are gone when the test is over. */
export function ownPrefix(url: string = redisUrl): string {
  const prefix = `aft-${randomBytes(6).toString("hex")}`;
  onTestFinished(() =>
    withRedis(url, async (client) => {
      const keys = await client.keys(`${prefix}*`);
      if (keys.length > 0) await client.del(keys);
    }).catch(() => undefined),
  );
  return prefix;
}

/** Does something in a Redis on a connection of its own. */
export async function withRedis<R>(
  url: string,
  work: (client: Awaited<ReturnType<typeof connect>>) => Promise<R>,
): Promise<R> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** A Redis of a test's own, which the test may stop. */
export interface OwnRedis {
  readonly url: string;
  /** Ends it; `saves` keeps what it has for the next start. */
  stop(saves?: boolean): Promise<void>;
  start(): Promise<void>;
  /** Has it answer nothing, its connections open. */
  pause(): void;
  resume(): void;
}

/** Starts a Redis, gone when the test is over. */
export async function ownRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "af-redis-"));
  const url = `redis://127.0.0.1:${port}`;
  const launch = () =>
    spawn("redis-server", ["--port", `${port}`, "--dir", folder, "--save", ""], {
      stdio: "ignore",
    });
  let server = launch();
  const own: OwnRedis = {
    url,
    async stop(saves = false) {
      if (saves) await withRedis(url, (client) => client.sendCommand(["SAVE"]));
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
    async start() {
      server = launch();
      await answering(url);
    },
    pause: () => void server.kill("SIGSTOP"),
    resume: () => void server.kill("SIGCONT"),
  };
  onTestFinished(() => {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await answering(url);
  return own;
}

async function answering(url: string): Promise<void> {
  for (;;) {
    try {
      return void (await withRedis(url, (client) => client.ping()));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function connect(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => undefined);
  return client.connect();
}

async function whatIsMissing(): Promise<string> {
  try {
    await withRedis(redisUrl, (client) => client.ping());
    return "";
  } catch {
    return " (skipped: no server at AF_REDIS_URL)";
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  return port;
}
