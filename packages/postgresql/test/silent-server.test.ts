import { createTenancy, memoryRegistry, type TenantRecord } from "@af-tenancy/core";
import { type PostgresqlConnectionSettings, postgresql } from "@af-tenancy/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { openForTest } from "./open-for-test.ts";
import { server } from "./server.ts";
import { startRelay } from "./start-relay.ts";

const limits = [
  ["queryTimeout", { queryTimeout: 300 }, "QUERY_TIMEOUT"],
  ["connectTimeout", { connectTimeout: 1_000 }, "DATABASE_UNAVAILABLE"],
] as const;

describe("a server that falls silent", () => {
  it.each(limits)(
    "F083: a stream that is left early is over within %s",
    async (_, settings, code) => {
      const { relay, driver } = await open(settings);
      const stream = streamOf(driver);
      await stream.next();
      relay.fallSilent();

      await expect(stream.return(undefined)).rejects.toMatchObject({ code, status: 503 });

      await expect(driver.releaseConnection()).rejects.toMatchObject({ status: 503 });
    },
  );

  it.each(limits)(
    "F083: a tenant's stream on a shared connection is over within %s too",
    async (_, settings, code) => {
      const { relay, driver } = await open(settings);
      const stream = streamOf(driver.boundTo("set local search_path to public"));
      await stream.next();
      relay.fallSilent();

      await expect(stream.return(undefined)).rejects.toMatchObject({ code, status: 503 });
    },
  );

  it("F083: a stream whose last row has come fails when the server never says that it was the last", async () => {
    const { relay, driver } = await open({ queryTimeout: 300 });
    const before = relay.bytes();
    const last = streamOf(driver, 3).next();
    await expect.poll(() => relay.bytes(), { interval: 0 }).toBeGreaterThan(before);
    relay.fallDeaf();

    await expect(last).rejects.toMatchObject({ code: "QUERY_TIMEOUT", status: 503 });

    await expect(driver.releaseConnection()).rejects.toMatchObject({ status: 503 });
  });

  it("F083: a tenant's marker is read within connectTimeout, or the connection closed", async () => {
    const relay = await startRelay();
    const { acme, globex, read, stats } = await startReading({
      ...{ host: "127.0.0.1", port: relay.port, connectTimeout: 1_000 },
    });
    await read(acme);
    relay.fallSilent();

    await expect(read(globex)).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

    expect(stats("default")).toMatchObject({ open: 0, leased: 0 });
    expect(await read(globex)).toEqual([]);
  });

  it("F083, S023: a replica that does not tell a tenant's marker in time is left for the server", async () => {
    const relay = await startRelay();
    const { acme, globex, read, stats } = await startReading({
      replicas: [{ name: "near", host: "127.0.0.1", port: relay.port, queryTimeout: 500 }],
    });
    await read(acme);
    expect(stats("default/near")).toMatchObject({ open: 1 });
    relay.fallSilent();

    expect(await read(globex)).toEqual([]);

    expect(stats("default/near")).toMatchObject({ open: 0, leased: 0 });
  });
});

/** Two tenants in schemas, whom this application has not served yet. */
async function startReading(connection: PostgresqlConnectionSettings) {
  const { acme, globex } = await startFleet({ strategies: ["schema"] });
  const db = postgresql({
    ...{ connection: { ...server, ...connection }, strategies: ["schema"] },
    entities: [Note, Author],
  });
  const tenancy = createTenancy<TenantRecord>({ registry: memoryRegistry(), databases: db });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return {
    ...{ acme, globex },
    read: (tenant: TenantRecord) => tenancy.run(tenant, () => db.readOnly().find(Note, {})),
    stats: (of: string) => db.stats().find((one) => one.server === of),
  };
}

async function open(settings: { connectTimeout?: number; queryTimeout?: number }) {
  const relay = await startRelay();
  const driver = await openForTest({ host: "127.0.0.1", port: relay.port, ...settings });
  return { relay, driver };
}

function streamOf(
  { connection }: Pick<Awaited<ReturnType<typeof openForTest>>, "connection">,
  rows = 1_000,
) {
  const sql = `select generate_series(1, ${rows})`;
  return connection.streamQuery(
    { sql, parameters: [], query: {}, queryId: { queryId: "test" } } as never,
    10,
  ) as AsyncGenerator;
}
