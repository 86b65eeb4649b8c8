import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { freePort, programNamed, serverFolder, startProgram } from "./own-process.ts";
import { server } from "./server.ts";

/** Starts a PgBouncer for the tests' own user, which ends with the test; gives its port. */
export async function startPooler(mode: "transaction" | "session", more = ""): Promise<number> {
  const port = await freePort();
  const folder = serverFolder();
  const file = join(folder, "pgbouncer.ini");
  const settings = [
    "[databases]",
    `${server.database} = host=${server.host} port=${server.port} user=${server.user}`,
    "[pgbouncer]",
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir ="],
    ...["auth_type = any", `pool_mode = ${mode}`, "default_pool_size = 5", more],
  ];
  writeFileSync(file, settings.join("\n"));
  onTestFinished(startProgram(programNamed("pgbouncer") ?? "", ["-q", file], folder));
  await expect.poll(() => answers(port), { timeout: 10_000 }).toBe(true);
  return port;
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
