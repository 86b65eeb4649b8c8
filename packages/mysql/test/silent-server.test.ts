import { setTimeout } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import { type StatementResult, statement } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MysqlLimits } from "../src/mysql-connection.ts";
import { mysqlParts } from "../src/mysql-flavour.ts";
import { MysqlSessionDriver, type Seat } from "../src/mysql-session-driver.ts";
import { startFleet } from "./fleet.ts";
import { missing, server } from "./server.ts";
import { startRelay } from "./start-relay.ts";

const short = 300;
const long = 60_000;

describe.skipIf(missing)("a server that falls silent", () => {
  it.each([
    ["queryTimeout", { connectTimeout: long, queryTimeout: short }, "QUERY_TIMEOUT"],
    ["connectTimeout", { connectTimeout: short, queryTimeout: long }, "DATABASE_UNAVAILABLE"],
    ["connectTimeout alone", { connectTimeout: short }, "DATABASE_UNAVAILABLE"],
  ])("F083: a session is handed over within %s, or broken", async (_, limits, code) => {
    const { relay, driver } = await open(limits);
    relay.fallSilent();

    await expect(driver.enter(seat("globex"))).rejects.toMatchObject({ code, status: 503 });

    expect(driver.isClean).toBe(false);
    await expect(driver.releaseConnection()).rejects.toMatchObject({ status: 503 });
  });

  it("F083: a session that begins anew before it is given back does so in time, or is broken", async () => {
    const { relay, driver, connection } = await open({ connectTimeout: short });
    await connection.executeQuery(statement("set @left = 1"));
    relay.fallSilent();

    await expect(driver.releaseConnection()).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
  });

  it("F083: the place of a session that could not be handed over is free", async () => {
    const relay = await startRelay();
    const { db, tenancy, acme, globex } = await startFleet({
      connection: { ...server, host: "127.0.0.1", port: relay.port, connectTimeout: 2_000 },
      maxConnections: 1,
    });
    const select = (tenant: TenantRecord) =>
      tenancy.run(tenant, () => db.em().execute("select 1 as one"));
    await select(globex);
    await select(acme);
    relay.fallSilent();

    await expect(select(globex)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

    expect(db.stats()[0]).toMatchObject({ open: 0, leased: 0 });
    expect(await select(globex)).toEqual([{ one: 1 }]);
  });

  it("F083: a stream waits for each row for queryTimeout, however long its reader takes", async () => {
    const { relay, stream } = await open({ connectTimeout: long, queryTimeout: short });
    await stream.next();
    await setTimeout(2 * short);
    await stream.next();
    relay.fallSilent();

    await expect(readOn(stream)).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
  });

  it.each([
    ["queryTimeout", { connectTimeout: long, queryTimeout: short }, "QUERY_TIMEOUT"],
    ["connectTimeout", { connectTimeout: short }, "DATABASE_UNAVAILABLE"],
  ])("F083: a stream that is left early is over within %s", async (_, limits, code) => {
    const { relay, driver, stream } = await open(limits);
    await stream.next();
    relay.fallSilent();

    await expect(stream.return(undefined)).rejects.toMatchObject({ code });

    await expect(driver.releaseConnection()).rejects.toMatchObject({ status: 503 });
  });

  it("F083: a stream that is left early has the time that its rest takes", async () => {
    const { driver, connection } = await open({ connectTimeout: short });
    const slow = connection.streamQuery(
      statement("select seq, sleep(0.1), repeat('x', 20000) from seq_1_to_10"),
      1,
    ) as AsyncGenerator;
    await slow.next();

    await slow.return(undefined);

    expect(driver.isClean).toBe(true);
  });
});

async function open(limits: MysqlLimits) {
  const relay = await startRelay();
  const connection = { host: "127.0.0.1", port: relay.port, ...mysqlParts("mariadb").types };
  const driver = await MysqlSessionDriver.open({ connection, limits }, seat("acme"));
  onTestFinished(() => driver.destroy());
  const opened = await driver.acquireConnection();
  return {
    ...{ relay, driver, connection: opened },
    /** More than the relay and the sockets hold. */
    stream: opened.streamQuery(
      statement("select seq, repeat('x', 1000) from seq_1_to_60000"),
      1,
    ) as AsyncGenerator<StatementResult<unknown>>,
  };
}

function seat(key: string): Seat {
  return { key, database: "mysql", user: server.user, password: server.password };
}

async function readOn(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
