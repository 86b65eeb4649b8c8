import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createTenancy } from "@af-tenancy/core";
import { tenancyErrors, tenancyMiddleware } from "@af-tenancy/express";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { testScale } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import express from "express";
import { expect, it, onTestFinished } from "vitest";
import { server, serverIsMissing } from "./postgresql-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const missing = await serverIsMissing();
/** A minute at full size. */
const milliseconds = testScale() < 1 ? 2_000 : 60_000;

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it.skipIf(missing)(
  "F042: holds no connection while a response stays open and sends events, however long",
  { timeout: milliseconds + 60_000 },
  async () => {
    const { db, tenancy, tenants } = await startTenants();
    const leasedBetween: number[] = [];
    const app = express();
    app.use(tenancyMiddleware(tenancy));
    app.get("/events", async (request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      while (!request.destroyed && !response.closed) {
        const [note] = await db.em().fork().findAll(Note);
        leasedBetween.push(db.stats()[0]?.leased ?? -1);
        response.write(`data: ${note?.text}\n\n`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    app.use(tenancyErrors(tenancy));
    const port = await listen(app);
    const streams = await Promise.all(tenants.map(({ slug }) => open(port, `${slug}.example.com`)));

    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      for (const tenant of tenants) {
        // The one connection of the server can be had at any time.
        const text = await tenancy.run(tenant, () =>
          db.em().transactional(async (em) => (await em.findOneOrFail(Note, 1)).text),
        );
        expect(text).toBe(tenant.slug);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const { response } of streams) response.destroy();

    expect(leasedBetween.length).toBeGreaterThan(milliseconds / 1_000);
    expect(Math.max(...leasedBetween)).toBeLessThanOrEqual(1);
    expect(db.stats()[0]).toMatchObject({ exhausted: 0, limit: 1 });
    for (const [index, { received }] of streams.entries()) {
      expect(new Set(received)).toEqual(new Set([`data: ${tenants[index]?.slug}`]));
    }
  },
);

/** Two tenants whose schemas are behind one connection. */
async function startTenants() {
  const registry = sqliteRegistry({ file: `${await temporaryFolder()}/registry.sqlite` });
  const db = postgresql({
    connection: server,
    strategy: "schema",
    maxConnections: 1,
    entities: [Note],
  });
  const tenancy = createTenancy({
    ...{ registry, databases: db, provisioning: provisioning() },
    resolve: domainResolver(),
    central: ["example.com"],
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const tenants = [];
  for (const slug of ["acme", "globex"]) {
    const tenant = await tenancy.tenants.create({ slug, domains: [`${slug}.example.com`] });
    const { id: tenantId, placement } = tenant;
    if (placement === undefined) return expect.unreachable();
    onTestFinished(() => db.manager(placement).drop({ tenantId, placement }));
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: slug }));
    tenants.push(tenant);
  }
  return { db, tenancy, tenants };
}

async function listen(app: express.Express): Promise<number> {
  const listening = app.listen(0, "127.0.0.1");
  await once(listening, "listening");
  onTestFinished(() => void listening.close());
  return (listening.address() as AddressInfo).port;
}

/** Opens a stream and collects its events. */
async function open(port: number, host: string) {
  const sent = get({ port, host: "127.0.0.1", path: "/events", headers: { host } });
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const received: string[] = [];
  response.setEncoding("utf8").on("data", (chunk: string) => {
    received.push(...chunk.split("\n\n").filter((event) => event !== ""));
  });
  response.on("error", () => {}); // it is destroyed in the end
  return { response, received };
}
