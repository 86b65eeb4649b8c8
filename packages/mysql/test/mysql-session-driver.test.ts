import { type DialectConnection, sqlRunner, statement } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import { mysqlParts } from "../src/mysql-flavour.ts";
import { MysqlSessionDriver, type Seat } from "../src/mysql-session-driver.ts";
import { admin, missing, noteDatabase, server, uniqueName } from "./server.ts";
import { startRelay } from "./start-relay.ts";

describe.skipIf(missing)("a session of the server", () => {
  it("gives each user its own database on one connection, however they alternate", async () => {
    const [acme, globex] = [await noteDatabase("acme"), await noteDatabase("globex")];
    const { driver, connection } = await open(acme);
    const id = await threadOf(connection);

    for (const name of [globex, acme, acme, globex, acme]) {
      await driver.enter(seatOf(name));
      expect(await textOf(connection)).toBe(name === acme ? "acme" : "globex");
      await driver.releaseConnection();
    }

    expect(await threadOf(connection)).toBe(id);
  });

  it("refuses half of a surrogate pair, which would be read as another character", async () => {
    const { connection } = await open(await noteDatabase("acme"));
    const insert = statement("insert into note values (2, '\ud83d')");

    await expect(connection.executeQuery(insert)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(connection.streamQuery(insert, 1).next()).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("waits for nothing when the same user comes again and left only rows", async () => {
    const acme = await noteDatabase("acme");
    const { driver, connection } = await open(acme);

    await textOf(connection);
    await connection.executeQuery(statement("insert into note values (2, 'more')"));
    await driver.releaseConnection();

    expect(driver.enter(seatOf(acme))).toBeUndefined();
  });

  it.each([
    ["USE", (other: string) => `use ${other}`],
    ["a procedure that changes the database", () => "call depart()"],
    ["dynamic SQL", (other: string) => `execute immediate 'use ${other}'`],
    ["a comment that the server reads", (other: string) => `/*! use ${other} */`],
  ])("F081: nobody lands where %s went", async (_, hostile) => {
    const [acme, globex] = [await noteDatabase("acme"), await noteDatabase("globex")];
    await admin(`create procedure ${acme}.depart() execute immediate 'use ${globex}'`);
    const { driver, connection } = await open(acme);
    await connection.executeQuery(statement(hostile(globex)));
    expect(await textOf(connection)).toBe("globex");

    await driver.releaseConnection();
    await driver.enter(seatOf(acme));

    expect(await textOf(connection)).toBe("acme");
    await driver.enter(seatOf(globex));
    expect(await textOf(connection)).toBe("globex");
  });

  it("F081: takes back what the last user left open, set, locked or made", async () => {
    const [acme, globex] = [await noteDatabase("acme"), await noteDatabase("globex")];
    const { driver, connection } = await open(acme);
    const lock = uniqueName("lock");
    const free = async () =>
      (await admin<{ free: number }>(`select is_free_lock('${lock}') as free`))[0]?.free;
    const run = sqlRunner(connection);
    for (const sql of [
      "begin",
      "insert into note values (2, 'never committed')",
      "set @who = 'acme', session sql_mode = '', session time_zone = '+09:00', names latin1",
      "create temporary table secret (id int)",
      `select get_lock('${lock}', 0)`,
      "prepare mine from 'select 1'",
    ]) {
      await run(sql);
    }
    expect(await free()).toBe(0);

    await driver.releaseConnection();

    expect(await free()).toBe(1);
    expect(await admin(`select id from ${acme}.note`)).toEqual([{ id: 1 }]);
    await driver.enter(seatOf(globex));
    const [left] = await run<Record<string, unknown>>(
      "select @who as who, @@sql_mode <> '' as strict, @@time_zone as zone, @@character_set_client as charset",
    );
    expect(left).toEqual({ who: null, strict: 1, zone: "SYSTEM", charset: "utf8mb4" });
    await expect(run("select * from secret")).rejects.toThrow("doesn't exist");
    await expect(run("execute mine")).rejects.toThrow("Unknown prepared statement");
  });

  it("F081: takes back what a function in a plain select left, before another tenant comes", async () => {
    const [acme, globex] = [await noteDatabase("acme"), await noteDatabase("globex")];
    await admin(`create function ${acme}.spy() returns int begin set @who = 'acme'; return 1; end`);
    const { driver, connection } = await open(acme);
    await connection.executeQuery(statement("select spy()"));
    await driver.releaseConnection();

    await driver.enter(seatOf(globex));

    expect(await sqlRunner(connection)("select @who as who")).toEqual([{ who: null }]);
  });

  it("F081: is clean only while nothing has to be taken back", async () => {
    const { driver, connection } = await open(await noteDatabase("acme"));
    const clean = [driver.isClean];
    await driver.beginTransaction(connection, {});
    clean.push(driver.isClean);
    await driver.releaseConnection();
    await connection.executeQuery(statement("set @who = 'acme'"));
    clean.push(driver.isClean);
    await driver.releaseConnection();
    clean.push(driver.isClean);
    await driver.destroy();
    clean.push(driver.isClean);

    expect(clean).toEqual([true, false, false, true, false]);
  });

  it("F081: takes back a transaction that its user left open", async () => {
    const acme = await noteDatabase("acme");
    const { driver, connection } = await open(acme);
    await driver.beginTransaction(connection, { isolationLevel: "serializable" });
    await connection.executeQuery(statement("update note set text = 'changed'"));

    await driver.releaseConnection();

    expect(await textOf(connection)).toBe("acme");
    await driver.beginTransaction(connection, { accessMode: "read only" });
    await expect(
      connection.executeQuery(statement("update note set text = 'changed'")),
    ).rejects.toThrow("READ ONLY");
    await driver.rollbackTransaction();
  });

  it("F082: a statement beyond the limit fails by name, and its connection is never used again", async () => {
    const acme = await noteDatabase("acme");
    const { driver, connection } = await open(acme, { queryTimeout: 50 });
    const id = await threadOf(connection);

    await expect(connection.executeQuery(statement("select sleep(5)"))).rejects.toMatchObject({
      code: "QUERY_TIMEOUT",
    });

    await expect(driver.releaseConnection()).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
    await expect(textOf(connection)).rejects.toMatchObject({ status: 503 });
    await admin(`kill ${id}`).catch(() => undefined); // it may have noticed by itself
  });

  it("F083: a reset connection fails what is under way and nothing else", async () => {
    const acme = await noteDatabase("acme");
    const { port, reset } = await startRelay();
    const idle = await open(acme, { port });
    const busy = await open(acme, { port });
    const streaming = await open(acme, { port });
    const running = busy.connection.executeQuery(statement("select sleep(5)"));
    const stream = streaming.connection.streamQuery(
      statement("select seq, repeat('x', 1000) from seq_1_to_1000000"),
      1,
    );
    await stream.next();

    reset();

    await expect(running).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    await expect(collect(stream)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    await expect(textOf(idle.connection)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    for (const { driver } of [idle, busy, streaming]) {
      await expect(driver.releaseConnection()).rejects.toMatchObject({ status: 503 });
      await driver.destroy();
    }
  });

  it("ends what is under way when it is destroyed", async () => {
    const { driver, connection } = await open(await noteDatabase("acme"));
    const running = expect(
      connection.executeQuery(statement("select sleep(2)")),
    ).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

    await driver.destroy();

    await running;
  });

  it("streams rows, and is whole again after a stream that was left early", async () => {
    const acme = await noteDatabase("acme");
    const { driver, connection } = await open(acme);
    let seen = 0;

    for await (const { rows } of connection.streamQuery<{ seq: number }>(
      statement("select seq from seq_1_to_20000"),
      1,
    )) {
      seen += rows.length;
      if (rows[0]?.seq === 10) break;
    }

    await driver.releaseConnection();
    expect(seen).toBe(10);
    expect(await textOf(connection)).toBe("acme");
    await expect(
      collect(connection.streamQuery(statement("select * from nothing"), 1)),
    ).rejects.toThrow("doesn't exist");
    expect(await textOf(connection)).toBe("acme");
  });

  it("runs one statement at a time, so that no value can smuggle in another", async () => {
    const { connection } = await open(await noteDatabase("acme"));

    await expect(connection.executeQuery(statement("select 1; drop table note"))).rejects.toThrow(
      "syntax",
    );
  });

  it("gives values as MikroORM expects them", async () => {
    const { connection } = await open(await noteDatabase("acme"));

    const [row] = await sqlRunner(connection)(
      "select timestamp '2020-01-02 03:04:05' as at, 9007199254740993 as big, 1 as small",
    );

    expect(row).toEqual({ at: "2020-01-02 03:04:05", big: "9007199254740993", small: 1 });
  });
});

async function open(database: string, options: { port?: number; queryTimeout?: number } = {}) {
  const { host, port } = { ...server, ...options };
  const driver = await MysqlSessionDriver.open(
    {
      connection: { host, port, ...mysqlParts("mariadb").types },
      limits: { connectTimeout: 5_000, queryTimeout: options.queryTimeout },
    },
    seatOf(database),
  );
  onTestFinished(() => driver.destroy());
  return { driver, connection: await driver.acquireConnection() };
}

function seatOf(database: string): Seat {
  return { key: database, database, user: server.user, password: server.password };
}

async function textOf(connection: DialectConnection): Promise<string | undefined> {
  const [row] = await sqlRunner(connection)<{ text: string }>("select text from note where id = 1");
  return row?.text;
}

async function threadOf(connection: DialectConnection): Promise<number | undefined> {
  return (await sqlRunner(connection)<{ id: number }>("select connection_id() as id"))[0]?.id;
}

async function collect(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}
