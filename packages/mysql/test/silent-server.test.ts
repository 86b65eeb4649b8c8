import type { TenantRecord } from "@af-tenancy/core";
import { statement } from "@af-tenancy/database";
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
});

async function open(limits: MysqlLimits) {
  const relay = await startRelay();
  const connection = { host: "127.0.0.1", port: relay.port, ...mysqlParts("mariadb").types };
  const driver = await MysqlSessionDriver.open({ connection, limits }, seat("acme"));
  onTestFinished(() => driver.destroy());
  const opened = await driver.acquireConnection();
  return {
    ...{ relay, driver, connection: opened },
  };
}

function seat(key: string): Seat {
  return { key, database: "mysql", user: server.user, password: server.password };
}
