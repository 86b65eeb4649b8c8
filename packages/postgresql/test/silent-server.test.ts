import { describe, expect, it } from "vitest";
import { openForTest } from "./open-for-test.ts";
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
});

async function open(settings: { connectTimeout?: number; queryTimeout?: number }) {
  const relay = await startRelay();
  const driver = await openForTest({ host: "127.0.0.1", port: relay.port, ...settings });
  return { relay, driver };
}

function streamOf({ connection }: Pick<Awaited<ReturnType<typeof openForTest>>, "connection">) {
  const sql = "select generate_series(1, 1000)";
  return connection.streamQuery(
    { sql, parameters: [], query: {}, queryId: { queryId: "test" } } as never,
    10,
  ) as AsyncGenerator;
}
