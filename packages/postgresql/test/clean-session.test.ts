import { sqlRunner } from "@af-tenancy/database";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PostgresqlConnectionSettings } from "../src/connection-options.ts";
import { openForTest } from "./open-for-test.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";
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

  it("F081: reads texts as before, though a function changed how, or it is closed", async () => {
    const name = `public.${uniqueName("reading")}`;
    await asAdmin(
      `create function ${name}() returns text language sql as $$ select set_config('client_encoding', 'LATIN1', false) $$`,
    );
    onTestFinished(async () => void (await asAdmin(`drop function ${name}()`)));
    const direct = await open();
    const pooled = await open({ pooler: true });

    await direct.run(`select ${name}()`);
    const after = direct.driver.isClean;
    await direct.release();
    await pooled.run(`select ${name}()`);

    expect([after, direct.driver.isClean]).toEqual([false, true]);
    expect(await direct.run("show client_encoding")).toEqual([{ client_encoding: "UTF8" }]);
    await expect(pooled.release()).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  });

  it("F088: reads texts as SQL is written, whatever its login role has set", async () => {
    const user = uniqueName("reader");
    await asAdmin(
      `create role "${user}" login; alter role "${user}" set standard_conforming_strings = off`,
    );
    onTestFinished(async () => void (await asAdmin(`drop role "${user}"`)));

    const { run, driver } = await open({ user });

    expect(driver.isClean).toBe(true);
    expect(await run("select '\\' as text")).toEqual([{ text: "\\" }]);
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
