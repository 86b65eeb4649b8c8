import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { freePort, programNamed, serverFolder, startProgram } from "./own-process.ts";
import { server } from "./server.ts";

/** Starts a PgBouncer for a server's own user, which ends with the test; gives its port. */
export async function startPooler(
  mode: "transaction" | "session",
  more = "",
  target: Target = server,
): Promise<number> {
  const port = await freePort();
  const folder = serverFolder();
  const file = join(folder, "pgbouncer.ini");
  const password = target.password === undefined ? "" : ` password=${target.password}`;
  const settings = [
    "[databases]",
    `${target.database} = host=${target.host} port=${target.port} user=${target.user}${password}`,
    "[pgbouncer]",
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir ="],
    ...["auth_type = any", `pool_mode = ${mode}`, "default_pool_size = 5", more],
  ];
  writeFileSync(file, settings.join("\n"));
  onTestFinished(startProgram(programNamed("pgbouncer") ?? "", ["-q", file], folder));
  await expect.poll(() => answers({ ...target, port }), { timeout: 10_000 }).toBe(true);
  return port;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

async function answers({ host, port, user, password, database }: Target): Promise<boolean> {
  const client = new Client({ host, port, user, password, database });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
