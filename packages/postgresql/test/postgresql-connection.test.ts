import { createServer } from "node:net";
import { type DialectDriver, sqlRunner } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openForTest } from "./open-for-test.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";
import { startRelay } from "./start-relay.ts";

describe.skipIf(withServer !== "")(`one connection${withServer}`, () => {
  it("reads dates as the text that MikroORM expects, and big counts as they are", async () => {
    const { run } = await openRunner();

    const [row] = await run<object>(
      "select date '2020-01-02' as day, timestamp '2020-01-02 03:04:05' as moment, array[date '2020-01-02'] as days, 1::int8 as big",
    );

    expect(row).toEqual({
      day: "2020-01-02",
      moment: "2020-01-02 03:04:05",
      days: ["2020-01-02"],
      big: "1",
    });
  });

  it("counts what a statement changed and gives the rows of the last one", async () => {
    const { driver } = await openRunner();
    const connection = await driver.acquireConnection();
    const query = (sql: string) => connection.executeQuery(statementOf(sql));

    await query("create temp table t (id int)");
    const inserted = await query("insert into t values (1), (2)");
    const last = await query("select 1 as one; select 2 as two");

    expect(inserted.numAffectedRows).toBe(2n);
    expect(last).toEqual({ rows: [{ two: 2 }] });
  });

  it("streams in chunks and can be left early", async () => {
    const { driver, run } = await openRunner();
    const connection = await driver.acquireConnection();
    const chunks: number[] = [];

    const query = statementOf("select n from generate_series(1, $1::int) n", [1_000]);
    for await (const { rows } of connection.streamQuery(query, 100)) {
      chunks.push(rows.length);
      if (chunks.length === 3) break;
    }

    expect(chunks).toEqual([100, 100, 100]);
    expect(await run("select 1 as one")).toEqual([{ one: 1 }]);
  });

  it.each([false, true])("takes nothing from the environment, pooler: %j", async (pooler) => {
    const variables = {
      PGOPTIONS: "-c work_mem=1234kB",
      PGREPLICATION: "database",
      PGSSLNEGOTIATION: "direct",
      PGSSLMODE: "require",
      PGAPPNAME: "another",
      PGBINARY: "true",
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());

    const { run } = await openRunner({ pooler });

    const [row] = await run<object>(
      "select current_setting('work_mem') as memory, application_name, backend_type from pg_stat_activity where pid = pg_backend_pid()",
    );
    expect(row).toMatchObject({ application_name: "af-tenancy", backend_type: "client backend" });
    expect(row).not.toMatchObject({ memory: "1234kB" });
  });

  it("refuses U+0000, at which the server would stop reading", async () => {
    const { run } = await openRunner();

    await expect(run("select 'a\0b'")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("refuses half of a surrogate pair, which would be read as another character", async () => {
    const { run } = await openRunner();

    await expect(run("select '\ud83d'")).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(await run("select '\ud83d\ude00' as text")).toEqual([{ text: "\ud83d\ude00" }]);
  });

  it("keeps the server's own error, and works on after it", async () => {
    const { run, driver } = await openRunner();

    await expect(run("select * from nowhere")).rejects.toMatchObject({ code: "42P01" });

    await driver.releaseConnection(await driver.acquireConnection());
    expect(await run("select 1 as one")).toEqual([{ one: 1 }]);
  });

  it.each<[string, string, string]>([
    ["an open transaction", "begin", "select pg_current_xact_id_if_assigned() is null as x"],
    ["a failed transaction", "begin; select 1 / 0", "select 1 as x"],
    ["a setting", "set statement_timeout = 12345", "show statement_timeout"],
    [
      "a setting by function",
      "select set_config('application_name', 'changed', false)",
      "show application_name",
    ],
    ["a setting behind a statement", "select 1; set work_mem = '1MB'", "show work_mem"],
    ["a setting in a block", "do $$ begin set work_mem = '2MB'; end $$", "show work_mem"],
    ["a search path", "set search_path = pg_catalog", "show search_path"],
    ["a role", "set role pg_monitor", "select current_user as x"],
    ["a session user", "set session authorization pg_monitor", "select session_user as x"],
    [
      "a temporary table",
      "create temp table leftover (id int)",
      "select count(*) as x from pg_class where relname = 'leftover' and pg_table_is_visible(oid)",
    ],
    [
      "a temporary table from a query",
      "select 1 as id into temp leftover",
      "select count(*) as x from pg_class where relname = 'leftover' and pg_table_is_visible(oid)",
    ],
    ["a subscription", "listen somewhere", "select count(*) as x from pg_listening_channels()"],
    [
      "an advisory lock",
      "select pg_advisory_lock(4711)",
      "select count(*) as x from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
    ],
    [
      "a prepared statement",
      "prepare leftover as select 1",
      "select count(*) as x from pg_prepared_statements",
    ],
    [
      "a cursor that outlives its transaction",
      "begin; declare leftover cursor with hold for select 1; commit",
      "select count(*) as x from pg_cursors",
    ],
  ])("F081: %s is gone before the next user comes", async (_, change, look) => {
    const { run, driver } = await openRunner();
    const before = await run(look);

    await run(change).catch(() => undefined);
    await driver.releaseConnection(await driver.acquireConnection());

    expect(await run(look)).toEqual(before);
  });

  it("F081: is rolled back when the server says late how the transaction of a failed statement stands", async () => {
    const relay = await startRelay({ late: 20 });
    const { run, driver } = await openRunner({ host: "127.0.0.1", port: relay.port });

    await run("begin; select 1 / 0").catch(() => undefined);
    await driver.releaseConnection(await driver.acquireConnection());

    expect(await run("select 1 as x")).toEqual([{ x: 1 }]);
  });

  it("F081: asks the server nothing when only rows were read and written", async () => {
    const { run, driver } = await openRunner();
    const connection = await driver.acquireConnection();
    const [me] = await run<{ pid: number }>("select pg_backend_pid() as pid");
    const last = "select 'a;b' as text, 'set role x' as other, $$; set role y$$ as third";
    await run(last);

    await driver.releaseConnection(connection);

    const [seen] = await asAdmin<{ query: string }>(
      `select query from pg_stat_activity where pid = ${me?.pid}`,
    );
    expect(seen?.query).toBe(last);
  });

  it("F081: is given up when a statement of its last user is still under way", async () => {
    const { run, driver } = await openRunner();
    const forgotten = run("select pg_sleep(0.2)");

    await expect(driver.releaseConnection(await driver.acquireConnection())).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });

    await forgotten;
  });

  it("F082: closes the connection with a statement that takes too long, and never uses it again", async () => {
    const { run, driver } = await openRunner({ queryTimeout: 50 });
    const [me] = await run<{ pid: number }>("select pg_backend_pid() as pid");

    await expect(run("select pg_sleep(30)")).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });

    await expect(driver.releaseConnection(await driver.acquireConnection())).rejects.toThrow();
    await expect(run("select 1")).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
    await expect
      .poll(() => asAdmin(`select 1 from pg_stat_activity where pid = ${me?.pid}`), {
        timeout: 5_000,
      })
      .toEqual([]);
  });

  it("F083: survives a reset while nobody listens, and while somebody waits", async () => {
    const relay = await startRelay();
    const { run, driver } = await openRunner({ host: "127.0.0.1", port: relay.port });
    const waiting = run("select pg_sleep(30)");
    await expect.poll(() => relay.bytes()).toBeGreaterThan(0);

    relay.reset();

    await expect(waiting).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });
    await expect(run("select 1")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    await expect(driver.releaseConnection(await driver.acquireConnection())).rejects.toThrow();

    const idle = await openRunner({ host: "127.0.0.1", port: relay.port });
    relay.reset();
    await expect
      .poll(() => idle.run("select 1").catch((error) => error.code))
      .toBe("DATABASE_UNAVAILABLE");
  });

  it("F083: ends a stream whose connection is reset", async () => {
    const relay = await startRelay();
    const { driver } = await openRunner({ host: "127.0.0.1", port: relay.port });
    const connection = await driver.acquireConnection();
    const stream = connection.streamQuery(statementOf("select generate_series(1, 1000)"), 10);
    await stream.next();

    relay.reset();

    await expect(
      (async () => {
        for await (const _ of { [Symbol.asyncIterator]: () => stream });
      })(),
    ).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  });

  it("is lost when the server ends it", async () => {
    const { run } = await openRunner();
    const [me] = await run<{ pid: number }>("select pg_backend_pid() as pid");
    const waiting = expect(run("select pg_sleep(30)")).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
    await asAdmin(`select pg_terminate_backend(${me?.pid})`);

    await waiting;

    await expect(run("select 1")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  });

  it("F086: finds no statement prepared before its table was changed", async () => {
    const { run, driver } = await openRunner();
    const connection = await driver.acquireConnection();
    const table = uniqueName("changed");
    await asAdmin(`create table ${table} (id int)`);
    onTestFinished(async () => void (await asAdmin(`drop table ${table}`)));
    const query = statementOf(`select * from ${table} where id > $1`, [0]);
    await connection.executeQuery(query);
    await run(`prepare leftover as select * from ${table}`);
    await run("execute leftover");
    await driver.releaseConnection(connection);

    await asAdmin(`alter table ${table} add column text text`);

    expect((await connection.executeQuery(query)).rows).toEqual([]);
    await expect(run("execute leftover")).rejects.toMatchObject({ code: "26000" });
  });

  it("S022: gives up connecting after the time it was given", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };

    const opening = openForTest({ host: "127.0.0.1", port, connectTimeout: 100 });

    await expect(opening).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });
  });

  it("S022: waits five seconds for a connection unless it is told otherwise", async () => {
    const { serverAddress } = await import("../src/connection-options.ts");

    expect(serverAddress("connection", {}).connectTimeout).toBe(5_000);
  });
});

async function openRunner(settings: Parameters<typeof openForTest>[0] = {}) {
  const driver: DialectDriver = await openForTest(settings);
  return { driver, run: sqlRunner(await driver.acquireConnection()) };
}

type Query = Parameters<ReturnType<typeof sqlRunner>>[0];

function statementOf(sql: Query, parameters: readonly unknown[] = []) {
  return { sql, parameters, query: {}, queryId: { queryId: "test" } } as never;
}
