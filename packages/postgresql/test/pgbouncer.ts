import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresqlConnectionSettings } from "@af-tenancy/postgresql";
import { onTestFinished, vi } from "vitest";
import { freePort, programNamed, serverFolder, startProgram } from "./own-process.ts";
import { asAdmin, server, uniqueName } from "./server.ts";

/** PgBouncer is installed. */
export const hasPgBouncer = programNamed("pgbouncer") !== undefined;

/**
 * Starts a PgBouncer that hands out one session of the tests' server by transaction, and makes a login role that sees no
 * schema. Both are gone when the test is over.
 */
export async function startPgBouncer(
  more = "",
): Promise<PostgresqlConnectionSettings & { readonly user: string }> {
  const user = uniqueName("pooled");
  await asAdmin(`create role ${user} login superuser; alter role ${user} set search_path = ''`);
  onTestFinished(async () => {
    const owned = `select datname as name from pg_database where datdba = '${user}'::regrole`;
    // What tenants' databases are copied from is made aside, and may have been begun when the test was over.
    for (const { name } of await asAdmin<{ readonly name: string }>(owned)) {
      await asAdmin(`alter database "${name}" is_template false`);
      await asAdmin(`drop database if exists "${name}" with (force)`);
    }
    await asAdmin(`drop role ${user}`);
  });
  const folder = serverFolder();
  const port = await freePort();
  writeFileSync(join(folder, "users.txt"), `"${user}" ""\n`);
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    [
      "[databases]",
      `* = host=${server.host} port=${server.port}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${port}`,
      "unix_socket_dir =",
      "auth_type = trust",
      `auth_file = ${folder}/users.txt`,
      "pool_mode = transaction",
      "default_pool_size = 1",
      more,
    ].join("\n"),
  );
  const program = programNamed("pgbouncer") ?? "";
  const stop = startProgram(program, [join(folder, "pgbouncer.ini")], folder);
  onTestFinished(stop);
  const settings = { host: "127.0.0.1", port, user, database: server.database };
  await vi.waitUntil(() => listens(settings), { timeout: 10_000, interval: 25 });
  return settings;
}

async function listens({ host, port }: { host: string; port: number }): Promise<boolean> {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
