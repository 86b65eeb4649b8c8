import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A database server of a test's own, without passwords, as whose administrator `user` comes. */
export interface OwnServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Where it keeps its files. */
  readonly data: string;
  /** Ends it as a crash does, at once, and starts it again; it may take a moment until it answers. */
  crash(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server that waits for no disk, with its files in a folder for temporary ones; throws where none is
 * installed.
 */
export async function ownPostgresql(more: readonly string[] = []): Promise<OwnServer> {
  const folder = temporaryFolder("postgres");
  const data = join(folder, "data");
  const options = { ...as("postgres"), cwd: folder, stdio: "ignore" } as const;
  const texts = ["-E", "UTF8", "--locale=C.UTF-8"];
  const made = ["-D", data, "-U", "postgres", "-A", "trust", "-N", ...texts];
  execFileSync(programNamed("initdb"), made, options);
  const settings = ["fsync=off", `unix_socket_directories=${folder}`, ...more];
  return serving(folder, data, "postgres", "SIGQUIT", (port) =>
    spawn(
      programNamed("postgres"),
      ["-D", data, "-p", `${port}`, ...settings.flatMap((setting) => ["-c", setting])],
      options,
    ),
  );
}

/** Starts a MariaDB server with its files in a folder for temporary ones; throws where none is installed. */
export async function ownMariadb(more: readonly string[] = []): Promise<OwnServer> {
  const folder = temporaryFolder();
  const data = join(folder, "data");
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const own = ["--no-defaults", "--user=root", `--datadir=${data}`, `--tmpdir=${temporary}`];
  const options = { cwd: folder, stdio: "ignore" } as const;
  const made = ["--auth-root-authentication-method=normal", "--skip-test-db"];
  execFileSync(
    programNamed("mariadb-install-db"),
    [...own, ...made, "--skip-name-resolve"],
    options,
  );
  const small = ["--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M"];
  const files = [`--socket=${join(folder, "socket")}`, `--pid-file=${join(folder, "pid")}`];
  return serving(folder, data, "root", "SIGKILL", (port) =>
    spawn(
      programNamed("mariadbd"),
      [...own, ...small, ...files, `--port=${port}`, "--bind-address=127.0.0.1", ...more],
      options,
    ),
  );
}

/** Why there is no server of the name; `undefined` where there is one. */
export function notInstalled(program: "postgres" | "mariadbd"): string | undefined {
  return existsSync(programNamed(program)) ? undefined : `${program} is not installed`;
}

async function serving(
  folder: string,
  data: string,
  user: string,
  crashes: NodeJS.Signals,
  launch: (port: number) => ChildProcess,
): Promise<OwnServer> {
  const port = await freePort();
  let server = launch(port);
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  return {
    ...{ host: "127.0.0.1", port, user, data },
    async crash() {
      await end(crashes);
      server = launch(port);
    },
    async stop() {
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian keeps servers where only root looks for them, or nobody. */
export function programNamed(name: string): string {
  const places = [
    "/usr/sbin",
    "/usr/bin",
    "/usr/local/bin",
    ...globSync("/usr/lib/postgresql/*/bin"),
  ];
  return places.map((place) => join(place, name)).find((path) => existsSync(path)) ?? name;
}

/** PostgreSQL refuses to run as root. */
function as(user: string): Pick<SpawnOptions, "uid" | "gid"> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => Number(execFileSync("id", [option, user]).toString());
  return { uid: idOf("-u"), gid: idOf("-g") };
}

function temporaryFolder(user?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "af-own-"));
  const { uid, gid } = user === undefined ? {} : as(user);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  return port;
}
