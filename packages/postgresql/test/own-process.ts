import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Path of a program of PostgreSQL's or Debian's; `undefined` where it is not installed. */
export function programNamed(name: string): string | undefined {
  const places = [
    "/usr/sbin",
    "/usr/bin",
    "/usr/local/bin",
    ...globSync("/usr/lib/postgresql/*/bin"),
  ];
  return places
    .reverse()
    .map((place) => join(place, name))
    .find((path) => existsSync(path));
}

/** A folder that belongs to whom server programs are run as: they refuse to run as root. */
export function serverFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "af-postgresql-"));
  const { uid, gid } = serverUser();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** Whom server programs are run as. */
export function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => Number(execFileSync("id", [option, "postgres"]).toString());
  return { uid: idOf("-u"), gid: idOf("-g") };
}

/** Starts a server program; gives what ends it and removes its folder. */
export function startProgram(
  program: string,
  parameters: readonly string[],
  folder: string,
): () => Promise<void> {
  const end = launchProgram(program, parameters, folder);
  return async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Starts a server program; gives what ends it, with another signal than SIGINT where that is wanted. */
export function launchProgram(
  program: string,
  parameters: readonly string[],
  folder: string,
): (signal?: NodeJS.Signals) => Promise<void> {
  const child = spawn(program, parameters, { ...serverUser(), cwd: folder, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return async (signal = "SIGINT") => {
    child.kill(signal);
    await ended;
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
