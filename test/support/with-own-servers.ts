import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
  notInstalled,
  type OwnServer,
  ownMariadb,
  ownPostgresql,
  programNamed,
} from "../../packages/provisioning/test/support/own-server.ts";

// Runs a command with database servers of its own, which wait for no disk: tests make thousands of databases, and a server
// of every day makes each of them safe from a power failure. Where a server is named, or none is installed, it stays out.
// Temporary files are kept in memory where there is enough of it.
const [command = "", ...parameters] = process.argv.slice(2);
const memory = "/dev/shm";
/** Bytes: several times what the tests have used at once. */
const needed = 8 * 2 ** 30;
const environment = { ...process.env };
const folder = folderInMemory();
if (folder !== undefined) {
  environment.TMPDIR = folder;
  environment.NODE_COMPILE_CACHE ??= join(folder, "compiled"); // half of a process's start, and tests start hundreds
  process.env.TMPDIR = folder; // where this process puts its servers
}
const servers: OwnServer[] = [];

try {
  if (environment.AF_POSTGRES_URL === undefined && notInstalled("postgres") === undefined) {
    const server = await start(ownPostgresql(["full_page_writes=off", "max_wal_size=1GB"]));
    await answering("pg_isready", ["-h", server.host, "-p", `${server.port}`]);
    environment.AF_POSTGRES_URL = `postgres://${server.user}@${server.host}:${server.port}/postgres`;
  }
  if (environment.AF_MYSQL_URL === undefined && notInstalled("mariadbd") === undefined) {
    const server = await start(
      ownMariadb([
        "--innodb-flush-method=nosync",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=128M",
        "--innodb-log-file-size=96M",
      ]),
    );
    const login = ["-h", server.host, "-P", `${server.port}`, "-u", server.user];
    await answering("mariadb-admin", [...login, "ping"]);
    environment.AF_MYSQL_URL = `mysql://${server.user}@${server.host}:${server.port}`;
  }
  process.exitCode = await run();
} finally {
  await Promise.all(servers.map((server) => server.stop()));
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** A folder for this run alone, which servers that run as other users may pass. */
function folderInMemory(): string | undefined {
  if (environment.TMPDIR !== undefined || !existsSync(memory)) return undefined;
  const { bavail, bsize } = statfsSync(memory);
  if (Math.min(bavail * bsize, freemem()) < needed) return undefined;
  const made = mkdtempSync(join(memory, "af-tests-"));
  chmodSync(made, 0o755);
  return made;
}

async function start(starting: Promise<OwnServer>): Promise<OwnServer> {
  const server = await starting;
  servers.push(server);
  return server;
}

async function answering(program: string, asked: readonly string[]): Promise<void> {
  const ask = promisify(execFile);
  for (let attempt = 0; attempt < 200; attempt++) {
    const answered = await ask(programNamed(program), asked).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`${program} ${asked.join(" ")}: no server answers`);
}

/** Signals are passed on, so that the servers are stopped whatever ends the command. */
async function run(): Promise<number> {
  const child = spawn(command, parameters, { stdio: "inherit", env: environment });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
