import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { vi } from "vitest";
import { freePort, launchProgram, programNamed, serverFolder, serverUser } from "./own-process.ts";
import type { OwnServer } from "./own-server.ts";

/** A streaming replica of a test's own server. */
export interface OwnReplica {
  readonly port: number;
  /** Runs SQL there as its administrator. */
  run<Row extends object>(sql: string): Promise<Row[]>;
  /** Resolves once everything that stands on the primary now can be read there. */
  caughtUp(): Promise<void>;
  /** Ends its main process without a word, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, which it takes a moment to answer after. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a copy of the server that follows it; gone with everything in it when it is stopped. */
export async function startOwnReplica(primary: OwnServer): Promise<OwnReplica> {
  const folder = serverFolder();
  const data = join(folder, "data");
  const { host, user, password, database } = primary;
  const [backup, postgres] = ["pg_basebackup", "postgres"].map((name) => programNamed(name) ?? "");
  const from = ["-h", host, "-p", `${primary.port}`, "-U", user];
  execFileSync(backup ?? "", [...from, "-D", data, "-R", "-X", "stream", "-c", "fast"], {
    ...serverUser(),
    cwd: folder,
    env: { ...process.env, PGPASSWORD: password },
    stdio: "ignore",
  });
  const port = await freePort();
  const launch = () =>
    launchProgram(postgres ?? "", ["-D", data, "-p", `${port}`, "-k", folder], folder);
  let end = launch();
  const run = <Row extends object>(sql: string) =>
    asAdminOf<Row>({ host, user, password, database, port }, sql);
  const answers = () =>
    run("select 1").then(
      () => true,
      () => false,
    );
  await vi.waitUntil(answers, patience);

  return {
    ...{ port, run },
    async caughtUp() {
      const [now] = await asAdminOf<{ lsn: string }>(primary, "select pg_current_wal_lsn() as lsn");
      const sql = `select pg_last_wal_replay_lsn() >= '${now?.lsn}' as there`;
      await vi.waitUntil(async () => (await run<{ there: boolean }>(sql))[0]?.there, patience);
    },
    kill: () => end("SIGKILL"),
    async start() {
      // What is left of a killed server goes within a moment, and until then none is let into its place.
      await vi.waitUntil(async () => {
        if (await answers()) return true;
        await end();
        end = launch();
        await new Promise((resolve) => setTimeout(resolve, 500));
        return answers();
      }, patience);
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const patience = { timeout: 20_000, interval: 50 };

/** Runs SQL on a server as its administrator and gives the last statement's rows. */
export async function asAdminOf<Row extends object>(
  login: Pick<OwnServer, "host" | "port" | "user" | "password" | "database">,
  sql: string,
): Promise<Row[]> {
  const { host, port, user, password, database } = login;
  const client = new Client({ host, port, user, password, database });
  client.on("error", () => {});
  try {
    await client.connect();
    const result = await client.query<Row>(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  } finally {
    await client.end();
  }
}
