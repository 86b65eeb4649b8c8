import type { Credentials, RunSql } from "@af-tenancy/database";
import { lockName } from "./lock-name.ts";
import type { MysqlServer } from "./mysql-servers.ts";
import { MysqlSession } from "./mysql-session.ts";
import { atServer } from "./server-errors.ts";

/**
 * Does something at a server on a connection of its own that nobody gets later, and gives what fails its type. With
 * `alone` no other process works on the database of this name meanwhile.
 */
export async function asAdmin<R>(
  server: MysqlServer,
  { user, password }: Credentials,
  name: string,
  work: (run: RunSql) => Promise<R>,
  alone = false,
): Promise<R> {
  return atServer(name, async () => {
    const session = await MysqlSession.open({ ...server.client, user, password });
    const run: RunSql = async <Row>(sql: string) =>
      (await session.query(sql, [], server.address.queryTimeout)) as Row[];
    try {
      if (alone) await lockName(run, name);
      return await work(run);
    } finally {
      await session.close();
    }
  });
}

/** Tells whether the server takes the credentials. */
export async function maySignIn(server: MysqlServer, { user, password }: Credentials) {
  try {
    const session = await MysqlSession.open({ ...server.client, user, password });
    await session.close();
    return true;
  } catch {
    return false;
  }
}
