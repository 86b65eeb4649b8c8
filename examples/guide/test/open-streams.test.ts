import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createTenancy, memoryDatabases, memoryRegistry } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import express from "express";
import { expect, it, onTestFinished, vi } from "vitest";

it("F042: closes the streams of a tenant that is suspended, with a code, and no other's", async () => {
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases: memoryDatabases(),
    provisioning: provisioning(),
    resolve: domainResolver(),
  });
  await tenancy.start();
  for (const slug of ["acme", "globex"]) {
    await tenancy.tenants.create({ slug, domains: [`${slug}.example.com`] });
  }
  const app = express();
  app.use(tenancyMiddleware(tenancy));

  // #region close
  const streams = new Map<string, Set<ServerResponse>>();
  app.get("/events", (_request, response) => {
    const { id } = tenancy.currentOrFail();
    const own = streams.get(id) ?? new Set();
    streams.set(id, own.add(response));
    response.on("close", () => own.delete(response));
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  });
  tenancy.events.on("statusChanged", ({ tenant }) => {
    if (tenant.status === "active") return;
    for (const response of streams.get(tenant.id) ?? []) {
      response.end(`event: closed\ndata: ${tenant.status}\n\n`);
    }
  });
  // #endregion

  app.use(tenancyErrors(tenancy));
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await tenancy.close();
  });
  const received = { acme: "", globex: "" };
  for (const slug of ["acme", "globex"] as const) {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.on("data", (chunk) => (received[slug] += chunk)).on("error", () => undefined);
    socket.write(`GET /events HTTP/1.1\r\nHost: ${slug}.example.com\r\n\r\n`);
    await vi.waitFor(() => expect(received[slug]).toContain("200 OK"));
  }

  await tenancy.tenants.suspend({ by: "slug", value: "acme" });

  await vi.waitFor(() => expect(received.acme).toContain("event: closed\ndata: suspended"));
  expect(received.globex).not.toContain("event: closed");
  expect(streams.get((await tenancy.find({ by: "slug", value: "globex" }))?.id ?? "")?.size).toBe(
    1,
  );
});
