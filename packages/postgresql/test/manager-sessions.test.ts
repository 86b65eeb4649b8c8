import { describe, expect, it, onTestFinished } from "vitest";
import { ManagerSessions } from "../src/manager-sessions.ts";
import { postgresqlLanguage } from "../src/postgresql-language.ts";
import { PostgresqlServers, type ServerSession } from "../src/postgresql-servers.ts";
import { asAdmin, server, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`sessions of a manager${withServer}`, () => {
  it("serve one piece of work after the other, each as if it were new", async () => {
    const { use, sessions } = make();
    const leaving = ({ run }: ServerSession) =>
      run("create temp table left_behind (id int); set statement_timeout = 7");

    const first = await use(pidOf);
    await use(leaving);
    const second = await use(pidOf);
    const found = await use(({ run }) =>
      run("select to_regclass('left_behind') as t, current_setting('statement_timeout') as s"),
    );
    await sessions.close();

    expect(second).toBe(first);
    expect(found).toEqual([{ t: null, s: "0" }]);
  });

  it("are nobody else's while they work", async () => {
    const { use } = make();
    let inner = 0;

    const outer = await use(async (session) => {
      inner = await use(pidOf);
      return pidOf(session);
    });

    expect(inner).not.toBe(outer);
    expect(await isThere(outer)).toBe(false);
    expect(await isThere(inner)).toBe(true);
  });

  it("are ended by what failed, and when everything is closed", async () => {
    const { use, sessions } = make();
    let failed = 0;
    const failing = use(async (session) => {
      failed = await pidOf(session);
      throw new RangeError("no");
    });

    await expect(failing).rejects.toThrow("no");
    const next = await use(pidOf);
    await sessions.close();

    expect(next).not.toBe(failed);
    expect([await isThere(failed), await isThere(next)]).toEqual([false, false]);
  });

  it("are another one when the server has ended the last", async () => {
    const { use } = make();
    const first = await use(pidOf);
    await asAdmin(`select pg_terminate_backend(${first}, 2000)`);
    await new Promise((resolve) => setTimeout(resolve, 20));

    const second = await use(pidOf);

    expect(second).not.toBe(first);
  });
});

function make() {
  const servers = new PostgresqlServers(server, {}, postgresqlLanguage().types);
  const sessions = new ManagerSessions(servers);
  onTestFinished(() => sessions.close());
  const use = <R>(work: (session: ServerSession) => Promise<R>) =>
    sessions.use(servers.address("default"), work);
  return { sessions, use };
}

async function pidOf({ run }: ServerSession): Promise<number> {
  const [row] = await run<{ readonly pid: number }>("select pg_backend_pid() as pid");
  return row?.pid ?? 0;
}

async function isThere(pid: number): Promise<boolean> {
  const rows = await asAdmin(`select 1 from pg_stat_activity where pid = ${pid}`);
  return rows.length > 0;
}
