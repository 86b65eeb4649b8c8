import { upgradeListener } from "@af-tenancy/core";
import { expect, it, onTestFinished, vi } from "vitest";
import type { AdapterHarness } from "./adapter-harness.ts";
import { connectRaw, type RawConnection } from "./raw-connection.ts";
import { type RunningApplication, runApplication } from "./run-application.ts";
import { refusedTenants, startTenancy, watchScopes } from "./start-tenancy.ts";

/** Checks that a connection that is upgraded on the framework's server belongs to its tenant. */
export function upgradeTests(harness: AdapterHarness): void {
  it("F042: an upgraded connection keeps its tenant until it is closed, which ends the scope once", async () => {
    const { app, watch } = await start(harness);
    const acme = await upgrade(app, "acme.localhost");
    const globex = await upgrade(app, "globex.localhost");

    for (const { socket } of [acme, globex, acme, globex]) {
      socket.write("ping");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(await acme.until("acme acme")).not.toContain("globex");
    expect(await globex.until("globex globex")).not.toContain("acme");
    expect(watch.left).toEqual([]);
    acme.socket.end();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    globex.socket.resetAndDestroy();
    await vi.waitFor(() => expect(watch.left).toEqual(["acme", "globex"]));

    expect(watch.entered).toEqual(["acme", "globex"]);
  });

  it.each([
    ["nobody.localhost", 404, "TENANT_NOT_FOUND", false],
    ["a@b", 400, "INVALID_HOST", false],
    ["localhost", 404, "WRONG_SIDE", false],
    ["suspended.localhost", 403, "TENANT_SUSPENDED", false],
    ["closed.localhost", 503, "TENANT_CLOSED", true],
  ])("F042: refuses the upgrade of %s with %i %s and closes", async (host, status, code, retry) => {
    const { app, watch } = await start(harness);

    const refused = await (await upgrade(app, host)).untilClosed();

    expect(refused).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(refused).toContain(`{"error":{"code":"${code}"`);
    expect(/retry-after: 30\r\n/i.test(refused)).toBe(retry);
    expect(watch.entered).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ["throws", () => JSON.parse("{")],
    ["rejects with", async () => JSON.parse("{")],
  ])("tells what the handler of an upgrade %s, and closes the connection", async (_, handle) => {
    const failures: unknown[] = [];
    const { app, tenancy, watch } = await start(harness, handle);
    tenancy.events.on("failure", ({ error, tenantId }) => void failures.push([error, tenantId]));

    const received = await (await upgrade(app, "acme.localhost")).untilClosed();

    expect(received).toBe("");
    await vi.waitFor(() => expect(watch.left).toEqual(["acme"]));
    expect(failures).toEqual([[expect.any(SyntaxError), expect.any(String)]]);
  });
}

async function start(harness: AdapterHarness, handle?: () => unknown) {
  const watch = watchScopes();
  const tenancy = await startTenancy(harness, {
    bootstrappers: [watch.bootstrapper],
    more: refusedTenants(),
  });
  const app = await runApplication(harness, { tenancy, routes: [] });
  const listener = upgradeListener(
    tenancy,
    (_request, socket) => {
      const handled = handle?.();
      if (handled instanceof Promise) return handled;
      const { slug } = tenancy.currentOrFail();
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
      tenancy
        .bindEmitter(socket)
        .on("data", () => socket.write(`${slug} ${tenancy.currentOrFail().slug} `))
        .on("end", () => socket.end());
    },
    { mode: "tenant" },
  );
  app.server.on("upgrade", listener);
  return { app, tenancy, watch };
}

async function upgrade({ port }: RunningApplication, host: string): Promise<RawConnection> {
  const connection = await connectRaw(port);
  onTestFinished(() => void connection.socket.destroy());
  connection.socket.write(
    `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`,
  );
  await connection.until("\r\n\r\n");
  return connection;
}
