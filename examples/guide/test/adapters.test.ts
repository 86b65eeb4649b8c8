import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import { refuseMalformed, type Tenancy, upgradeListener } from "@af-tenancy/core";
import {
  liveness,
  readiness,
  tenancyErrors,
  tenancyMiddleware,
  tenantHealth,
  tenantOnly,
} from "@af-tenancy/express";
import { domainResolver } from "@af-tenancy/resolvers";
import express from "express";
import { expect, it, onTestFinished } from "vitest";
import { askServer } from "./ask-server.ts";
import { startTenancy } from "./start-tenancy.ts";

const parts = { resolve: domainResolver(), central: ["example.com"] };

it("answers whether it is well", async () => {
  const tenancy = await startTenancy(parts);
  const ask = await askServer(createServer(healthyApp(tenancy, async () => "well")));

  expect(await ask("10.0.0.7", "/live")).toBe('200 {"status":"ok"}');
  expect(await ask("10.0.0.7", "/ready")).toMatch(/^200 /);
  expect(await ask("acme.example.com", "/health")).toBe(
    '200 {"status":"ok","tenant":"acme","checks":{"database":"ok"}}',
  );
});

it("upgrades connections", async () => {
  const tenancy = await startTenancy(parts);
  const server = upgradingServer(tenancy, (socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${tenancy.currentOrFail().slug}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => (received += chunk));

  socket.write(
    "GET / HTTP/1.1\r\nHost: acme.example.com\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
  );
  await once(socket, "end");

  expect(received).toMatch(/acme$/);
});

it("stops", async () => {
  const tenancy = await startTenancy(parts);
  const server = createServer(healthyApp(tenancy, async () => "well")).listen(0, "127.0.0.1");
  await once(server, "listening");

  await stop();

  expect(server.listening).toBe(false);
  expect(() => tenancy.central(() => "")).toThrow("closed");

  // #region stop
  async function stop(): Promise<void> {
    await tenancy.close({ server });
  }
  process.once("SIGTERM", stop);
  // #endregion
});

function healthyApp(tenancy: Tenancy, askDatabase: () => Promise<string>) {
  // #region health
  const app = express();
  app.get("/live", liveness()); // before the middleware: whatever the host is
  app.get("/ready", readiness(tenancy));
  app.use(tenancyMiddleware(tenancy, { debugHeaders: true }));
  app.get(
    "/health",
    tenantOnly(tenancy),
    tenantHealth(tenancy, { checks: { database: askDatabase } }),
  );
  app.use(tenancyErrors(tenancy));
  // #endregion
  return app;
}

function upgradingServer(tenancy: Tenancy, takeOver: (socket: Duplex) => void) {
  const app = express();
  // #region server
  const server = createServer({ requireHostHeader: false }, refuseMalformed(app));
  server.on(
    "upgrade",
    upgradeListener(tenancy, (_request, socket) => takeOver(socket), { mode: "tenant" }),
  );
  // #endregion
  return server;
}
