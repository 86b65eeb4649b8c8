import { ConfigurationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks what is answered to whoever asks whether the process, the tenancy or a tenant is well. */
export function healthTests(harness: AdapterHarness): void {
  it("F046: lives and is ready on any host, and answers for a tenant on its host only", async () => {
    const tenancy = await startTenancy(harness);
    const app = await runApplication(harness, { tenancy, health: {}, routes: [] });

    for (const host of ["127.0.0.1", "10.0.0.7:3000", "acme.localhost", "a@b", ""]) {
      expect((await app.ask(host, "/live")).text).toBe('{"status":"ok"}');
      expect(await app.ask(host, "/ready")).toMatchObject({
        status: 200,
        json: { status: "ok", checks: { tenancy: "ok", registry: "ok" } },
      });
    }
    const health = await app.ask("acme.localhost", "/health");
    expect(health).toMatchObject({ status: 200, json: { status: "ok", tenant: "acme" } });
    expect(health.headers["cache-control"]).toBe("no-store");
    expect((await app.ask("localhost", "/health")).status).toBe(404);
    expect((await app.ask("nobody.localhost", "/health")).status).toBe(404);
  });

  it("F149: lives and is not ready while the registry is down at the start, and is ready once it is up", async () => {
    let down = true;
    const tenancy = await startTenancy(harness, {
      start: false,
      bootstrappers: [
        {
          name: "registry",
          bootstrap: () => undefined,
          attach: () => undefined,
          start: () => (down ? JSON.parse("{") : undefined),
        } as never,
      ],
    });
    const app = await runApplication(harness, { tenancy, health: {}, routes: [] });
    tenancy.events.on("failure", () => undefined);

    await expect(tenancy.start()).rejects.toThrow(SyntaxError);
    expect((await app.ask("127.0.0.1", "/live")).status).toBe(200);
    const unready = await app.ask("127.0.0.1", "/ready");
    expect(unready).toMatchObject({ status: 503, json: { checks: { tenancy: "failed" } } });
    expect(unready.headers["retry-after"]).toBe("5");
    expect(await app.ask("acme.localhost", "/")).toMatchObject({
      status: 503,
      json: { error: { code: "TENANCY_CLOSED" } },
    });
    down = false;
    await tenancy.start();

    expect((await app.ask("127.0.0.1", "/ready")).status).toBe(200);
  });

  it("F149: is not ready where tenants cannot be looked up, or not in time", async () => {
    const failing = await startTenancy(harness, {
      store: { find: () => JSON.parse("{"), async *list() {} },
    });
    const silent = await startTenancy(harness, {
      store: { find: () => new Promise(() => {}), async *list() {} },
    });
    failing.events.on("failure", () => undefined);

    for (const tenancy of [failing, silent]) {
      const health = { timeoutMs: 20 };
      const app = await runApplication(harness, { tenancy, health, routes: [] });
      expect((await app.ask("127.0.0.1", "/live")).status).toBe(200);
      expect(await app.ask("127.0.0.1", "/ready")).toMatchObject({
        status: 503,
        json: { status: "unavailable", checks: { tenancy: "ok", registry: "failed" } },
      });
    }
  });

  it("S055: answers for a tenant with the application's checks, and tells no reason outside", async () => {
    const tenancy = await startTenancy(harness);
    const failures: unknown[] = [];
    tenancy.events.on("failure", ({ error, tenantId }) => void failures.push([error, tenantId]));
    const error = new RangeError("secret detail");
    const database = () => {
      if (tenancy.currentOrFail().slug === "globex") throw error;
    };
    const app = await runApplication(harness, {
      tenancy,
      health: { checks: { database } },
      routes: [],
    });

    const acme = await app.ask("acme.localhost", "/health");
    const globex = await app.ask("globex.localhost", "/health");

    expect(acme.text).toBe('{"status":"ok","tenant":"acme","checks":{"database":"ok"}}');
    expect(globex.status).toBe(503);
    expect(globex.text).toBe(
      '{"status":"unavailable","tenant":"globex","checks":{"database":"failed"}}',
    );
    expect(failures).toEqual([[error, (await tenancy.find({ by: "slug", value: "globex" }))?.id]]);
  });

  it.each([
    [{ timeoutMs: 0 }, ".timeoutMs"],
    [{ checks: { database: "select 1" } }, ".checks.database"],
    [{ check: {} }, ".check"],
  ])("S058: refuses the options %j", async (health, named) => {
    const tenancy = await startTenancy(harness);
    const serve = async () => harness.serve({ tenancy, health: health as never, routes: [] });

    await expect(serve()).rejects.toThrow(ConfigurationError);
    await expect(serve()).rejects.toThrow(named);
  });
}
