import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { attempt, server } from "./server.ts";

/** A server of a test file's own, with a certificate for `localhost` that `ca` signed. */
export interface OwnServer {
  readonly port: number;
  readonly ca: Buffer;
  /** Gives the server a certificate for a name; `flush ssl` has it read. */
  certify(name: string): void;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** Ends its process without a word, as a crash does. */
  kill(): Promise<void>;
  /** Ends it and, after so many milliseconds, has it there again with what it kept. */
  restart(milliseconds: number): Promise<void>;
}

/** Why there can be no server of one's own; `undefined` where there can. */
export const cannotStart: string | undefined = attempt(() =>
  execFileSync("mariadbd", ["--version"], { stdio: "ignore", env: withServers() }),
);

/** Starts a MariaDB server in a temporary folder, in a `beforeAll`: it is there until it is stopped. */
export async function startOwnServer(...more: readonly string[]): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), "aft-mariadb-"));
  const at = (name: string) => join(folder, name);
  const port = await freePort();
  makeAuthority(at);
  certify(at, "localhost");
  // Servers that are made at once take each other's temporary tables away when they share a folder for them.
  mkdirSync(at("temporary"));
  const own = [
    "--no-defaults",
    "--user=root",
    `--datadir=${at("data")}`,
    `--tmpdir=${at("temporary")}`,
  ];
  cpSync(madeOnce(), at("data"), { recursive: true });
  const launch = async () => {
    const launched = spawn(
      "mariadbd",
      [
        ...own,
        ...[
          `--port=${port}`,
          `--socket=${at("socket")}`,
          `--pid-file=${at("pid")}`,
          "--bind-address=127.0.0.1",
        ],
        ...["--innodb-buffer-pool-size=16M", smallLog, "--max-connections=8", ...more],
        ...[
          `--ssl-ca=${at("ca.pem")}`,
          `--ssl-cert=${at("cert.pem")}`,
          `--ssl-key=${at("key.pem")}`,
        ],
      ],
      { stdio: ["ignore", "ignore", "pipe"], env: withServers() },
    );
    for await (const line of launched.stderr) {
      if (String(line).includes("ready for connections")) break;
    }
    launched.stderr.resume();
    return launched;
  };
  let server = await launch();
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, "exit");
  };
  return {
    ...{ port, ca: readFileSync(at("ca.pem")), certify: (name) => certify(at, name) },
    kill: () => end("SIGKILL"),
    async restart(milliseconds) {
      await end("SIGTERM");
      await setTimeout(milliseconds);
      server = await launch();
    },
    async stop() {
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const smallLog = "--innodb-log-file-size=8M";

/** The files of a server in which nothing is yet, to be copied: to make them takes longer than to start a server. */
function madeOnce(): string {
  const version = String(execFileSync("mariadbd", ["--version"], { env: withServers() }));
  const name = createHash("sha256").update(version).digest("hex").slice(0, 16);
  const made = join(tmpdir(), `aft-mariadb-data-${name}`);
  if (existsSync(made)) return made;
  const draft = mkdtempSync(join(tmpdir(), "aft-mariadb-making-"));
  mkdirSync(join(draft, "temporary"));
  const own = [
    ...["--no-defaults", "--user=root", `--datadir=${draft}/data`, `--tmpdir=${draft}/temporary`],
    ...["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"],
  ];
  execFileSync("mariadb-install-db", [...own, smallLog], { stdio: "ignore", env: withServers() });
  try {
    renameSync(join(draft, "data"), made);
  } catch {
    // another process was faster
  }
  rmSync(draft, { recursive: true, force: true });
  return made;
}

/** Has a server while the tests around it run; the port is known once it is there. */
export function withOwnServer(...settings: readonly string[]): typeof server {
  const connection = { ...server };
  let own: OwnServer;
  beforeAll(async () => {
    own = await startOwnServer(...settings);
    connection.port = own.port;
  }, 60_000);
  afterAll(() => own?.stop());
  return connection;
}

/** Debian keeps servers in a folder that is on root's path only. */
function withServers(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin` };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  return port;
}

type Path = (name: string) => string;

function makeAuthority(at: Path): void {
  openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=authority"],
    ...["-keyout", at("ca.key"), "-out", at("ca.pem")],
  );
}

function certify(at: Path, name: string): void {
  openssl(
    ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`],
    ...["-keyout", at("key.pem"), "-out", at("request.pem")],
  );
  openssl(
    ...["x509", "-req", "-in", at("request.pem"), "-days", "2", "-out", at("cert.pem")],
    ...["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"],
  );
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "ignore" });
}
