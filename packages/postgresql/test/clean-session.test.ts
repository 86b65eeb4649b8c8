import { sqlRunner } from "@af-tenancy/database";
import { describe, expect, it } from "vitest";
import type { PostgresqlConnectionSettings } from "../src/connection-options.ts";
import { openForTest } from "./open-for-test.ts";
import { asAdmin, withServer } from "./server.ts";
import { startRelay } from "./start-relay.ts";

describe.skipIf(withServer !== "")(`a session after its user${withServer}`, () => {
  it("F081: is clean only while nothing has to be taken back", async () => {
    const { run, driver, release } = await open();
    const clean: Record<string, boolean> = { opened: driver.isClean };
    const running = run("select pg_sleep(0.02)");
    clean.running = driver.isClean;
    await running;
    clean.answered = driver.isClean;
    await run("begin");
    clean.begun = driver.isClean;
    await release();
    clean.takenBack = driver.isClean;
    await run("set work_mem = '1MB'");
    clean.altered = driver.isClean;
    await release();
    clean.restored = driver.isClean;

    expect(clean).toEqual({
      ...{ opened: true, running: false, answered: true, begun: false, takenBack: true },
      ...{ altered: false, restored: true },
    });
  });

  it("F081: is not clean before the server says how the transaction of a failed statement stands", async () => {
    const relay = await startRelay({ late: 20 });
    const { run, driver, release } = await open({ host: "127.0.0.1", port: relay.port });

    await expect(run("begin; select 1 / 0")).rejects.toThrow("division by zero");
    const after = driver.isClean;
    await release();

    expect([after, driver.isClean]).toEqual([false, true]);
  });

  it("F083: is not clean once the server has ended it", async () => {
    const { run, driver } = await open();
    const [me] = await run<{ pid: number }>("select pg_backend_pid() as pid");
    const lost = new Promise<void>((resolve) => driver.onLost(resolve));

    await asAdmin(`select pg_terminate_backend(${me?.pid})`);
    await lost;

    expect(driver.isClean).toBe(false);
  });
});

async function open(settings: PostgresqlConnectionSettings = {}) {
  const driver = await openForTest(settings);
  const connection = await driver.acquireConnection();
  return { driver, run: sqlRunner(connection), release: () => driver.releaseConnection() };
}
