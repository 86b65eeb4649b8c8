import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { server } from "./server.ts";

const program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));

/** Names the tests that are skipped because PgBouncer is not installed; empty where it is. */
export const withPooler = program === undefined ? " (skipped: no pgbouncer)" : "";

/** Starts a PgBouncer in front of the tests' server, which ends with the test; gives its port. */
export async function startPooler(mode: "transaction" | "session", more = ""): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "af-pooler-"));
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(
    file,
    `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 5
${more}
`.replace("* = host", `${server.database} = user=${server.user} host`),
  );
  const identity = ownerOf(folder, file);
  const child = spawn(program ?? "", ["-q", file], { ...identity, cwd: folder, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await expect.poll(() => answers(port), { timeout: 10_000 }).toBe(true);
  return port;
}

/** It refuses to run as root. */
function ownerOf(folder: string, file: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => Number(execFileSync("id", [option, "postgres"]).toString());
  const identity = { uid: idOf("-u"), gid: idOf("-g") };
  chownSync(folder, identity.uid, identity.gid);
  chmodSync(file, 0o644);
  return identity;
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ ...server, port });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
