import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { vi } from "vitest";
import { freePort, launchProgram, programNamed, serverFolder, serverUser } from "./own-process.ts";

/** A server of the test's own, with passwords and TLS. */
export interface OwnServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The certificate that the server shows, which nobody else signed. */
  readonly certificate: string;
  /** Ends the server and starts it again, after a while. */
  restart(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** There is what it takes to start a server. */
export const canStartServer =
  programNamed("initdb") !== undefined &&
  programNamed("postgres") !== undefined &&
  programNamed("openssl") !== undefined;

/** Starts a server that is gone with everything in it when it is stopped. */
export async function startOwnServer(): Promise<OwnServer> {
  const folder = serverFolder();
  const data = join(folder, "data");
  const run = (program: string, ...parameters: string[]) =>
    execFileSync(programNamed(program) ?? program, parameters, {
      ...serverUser(),
      cwd: folder,
      stdio: "ignore",
    });
  writeFileSync(join(folder, "password"), "correct");
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "admin",
    "-A",
    "scram-sha-256",
    `--pwfile=${folder}/password`,
    "-N",
  );
  run(
    "openssl",
    ...["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-keyout", join(data, "server.key"), "-out", join(data, "server.crt")],
  );
  run("chmod", "600", join(data, "server.key"));
  appendFileSync(
    join(data, "postgresql.conf"),
    `ssl = on\nfsync = off\nmax_connections = 20\nunix_socket_directories = '${folder}'\n`,
  );
  const port = await freePort();
  const launch = () =>
    launchProgram(programNamed("postgres") ?? "", ["-D", data, "-p", `${port}`], folder);
  let end = launch();
  const login = {
    ...{ host: "127.0.0.1", port, user: "admin", password: "correct", database: "postgres" },
  };
  await vi.waitUntil(() => answers(login), { timeout: 20_000, interval: 50 });
  return {
    ...login,
    certificate: readFileSync(join(data, "server.crt"), "utf8"),
    async restart(milliseconds) {
      await end();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      end = launch();
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(login: object): Promise<boolean> {
  const client = new Client(login);
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
