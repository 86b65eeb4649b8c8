import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createTenancy, memoryStore, type Tenancy, type Tenant } from "@af-tenancy/core";
import * as forExpress from "@af-tenancy/express";
import * as forFastify from "@af-tenancy/fastify";
import * as forKoa from "@af-tenancy/koa";
import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { domainResolver } from "@af-tenancy/resolvers";
import { acme, globex } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import express from "express";
import Fastify from "fastify";
import Koa from "koa";
import { Client } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { askServer } from "./ask-server.ts";
import { mysqlServer, postgresqlServer, serversAreMissing } from "./fleet-servers.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.text() },
});

type Handle = (path: string) => Promise<unknown>;

const frameworks = {
  express(tenancy: Tenancy<Tenant>, handle: Handle): Server {
    const app = express();
    app.use(forExpress.tenancyMiddleware(tenancy));
    app.use(async (request, response) => void response.json(await handle(request.path)));
    app.use(forExpress.tenancyErrors(tenancy));
    return createServer(app);
  },
  koa(tenancy: Tenancy<Tenant>, handle: Handle): Server {
    const app = new Koa();
    app.silent = true;
    app.use(forKoa.tenancyErrors(tenancy)).use(forKoa.tenancyMiddleware(tenancy));
    app.use(async (context) => {
      context.body = await handle(context.path);
    });
    return createServer(app.callback());
  },
  async fastify(tenancy: Tenancy<Tenant>, handle: Handle): Promise<Server> {
    const app = Fastify();
    app.setErrorHandler(forFastify.tenancyErrors(tenancy));
    await app.register(forFastify.tenancyPlugin(tenancy));
    app.get("/*", async (request) => handle(request.url));
    await app.ready();
    return app.server;
  },
};

const servers = {
  async postgresql() {
    const database = `af_aborts_${process.pid}_${Math.random().toString(36).slice(2)}`;
    const admin = new Client({ ...postgresqlServer, database: "postgres" });
    await admin.connect();
    await admin.query(`create database ${database}`);
    const db = postgresql({
      connection: { ...postgresqlServer, database },
      strategy: "schema",
      maxConnections: 1,
      entities: [Note],
    });
    return {
      db,
      async drop() {
        await admin.query(`drop database ${database} with (force)`);
        await admin.end();
      },
    };
  },
  async mysql() {
    const db = mysql({
      connection: mysqlServer,
      flavour: "mariadb",
      maxConnections: 1,
      entities: [Note],
    });
    return { db, drop: undefined };
  },
};

describe.skipIf(await serversAreMissing()).each(["postgresql", "mysql"] as const)(
  "a client that leaves in the middle of a transaction on %s",
  (driver) => {
    it.each(["express", "koa", "fastify"] as const)(
      "F039: leaves it rolled back and the one connection clean behind %s",
      async (framework) => {
        const { db, tenancy } = await start(driver);
        const { promise: inside, resolve: isInside } = Promise.withResolvers<void>();
        const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
        const ended: unknown[] = [];
        const server = await frameworks[framework](tenancy, async (path) => {
          if (path !== "/pay") return db.em().findAll(Note, { orderBy: { id: "asc" } });
          try {
            return await db.em().transactional(async (em) => {
              await em.insert(Note, { id: 1, text: "CANARY half" });
              isInside();
              await go;
              await em.insert(Note, { id: 2, text: "CANARY late" });
              return [];
            });
          } catch (error) {
            ended.push(error);
            throw error;
          }
        });
        const ask = await askServer(server);
        const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
        await once(socket, "connect");
        socket.write("GET /pay HTTP/1.1\r\nHost: acme.example.com\r\n\r\n");
        await inside;

        socket.resetAndDestroy();
        const other = await ask("globex.example.com", "/");
        letGo();
        await vi.waitFor(() => expect(ended).toHaveLength(1), { timeout: 5_000 });

        expect(other).toBe("200 []");
        expect(await ask("acme.example.com", "/")).toBe("200 []");
        await tenancy.run(acme().id, async () => db.em().insert(Note, { id: 1, text: "whole" }));
        expect(await ask("acme.example.com", "/")).toBe('200 [{"id":1,"text":"whole"}]');
        expect(await ask("globex.example.com", "/")).toBe("200 []");
      },
    );
  },
);

/** Two tenants with tables of their own over one connection. */
async function start(driver: "postgresql" | "mysql") {
  const { db, drop } = await servers[driver]();
  const tenants = [acme(), globex()].map((tenant): Tenant => {
    const id = `${tenant.slug}${process.pid}${Math.random().toString(36).slice(2)}`;
    return { ...tenant, id: tenant.id, placement: db.place(id, 1) };
  });
  const tenancy = createTenancy<Tenant>({
    store: memoryStore(tenants, {
      domains: new Map(tenants.map(({ id, slug }) => [`${slug}.example.com`, id])),
    }),
    databases: db,
    resolve: domainResolver(),
    graceMs: 50,
    hooks: { failure: () => undefined },
  });
  await tenancy.start();
  const databases = tenants.map(({ id: tenantId, placement }) => {
    if (placement === undefined) throw new RangeError("no placement");
    return { tenantId, placement };
  });
  for (const database of databases) await db.manager(database.placement).create(database);
  for (const tenant of tenants) await db.migrate(tenant);
  onTestFinished(async () => {
    if (drop === undefined) {
      for (const database of databases) await db.manager(database.placement).drop(database);
    }
    await tenancy.close();
    await drop?.();
  });
  return { db, tenancy };
}
