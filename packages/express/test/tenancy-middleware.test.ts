import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { ConfigurationError, type Tenancy, type Tenant, valueKey } from "@af-tenancy/core";
import express, { type Express } from "express";
import { describe, expect, it } from "vitest";
import { centralOnly, tenancyErrors, tenancyMiddleware, tenantOnly } from "../src/index.ts";
import { serve, startTenancy } from "./support.ts";

const TIMES = valueKey<{ undone: number }>("times");

function appOf(tenancy: Tenancy<Tenant>): Express {
  const app = express();
  app.use(tenancyMiddleware(tenancy));
  app.use(express.json());
  app.get(
    "/",
    (_request, response) => void response.json({ slug: tenancy.current()?.slug ?? null }),
  );
  app.post("/echo", (request, response) => {
    response.json({ slug: tenancy.currentOrFail().slug, body: request.body });
  });
  app.get("/tenant", tenantOnly(tenancy), (_request, response) => void response.json({}));
  app.get("/central", centralOnly(tenancy), (_request, response) => void response.json({}));
  app.get("/broken", () => {
    throw new RangeError("secret detail");
  });
  app.use(tenancyErrors(tenancy));
  return app;
}

describe("the tenancy middleware", () => {
  it("gives each request its tenant and the central host none", async () => {
    const { ask } = await serve(appOf(await startTenancy()));

    const answers = await Promise.all(
      ["acme.localhost", "GLOBEX.localhost.:8080", "localhost"].map((host) => ask(host, "/")),
    );

    expect(answers.map(({ body }) => body)).toEqual([
      { slug: "acme" },
      { slug: "globex" },
      { slug: null },
    ]);
  });

  it("keeps the tenant through the body parser", async () => {
    const { ask } = await serve(appOf(await startTenancy()));

    const answer = await ask("acme.localhost", "/echo", { method: "POST", json: '{"a":1}' });

    expect(answer).toMatchObject({ status: 200, body: { slug: "acme", body: { a: 1 } } });
  });

  it.each([
    ["nobody.localhost", "/", 404, "TENANT_NOT_FOUND"],
    ["hooli.localhost", "/", 403, "TENANT_SUSPENDED"],
    ["a@acme.localhost", "/", 400, "INVALID_HOST"],
    ["localhost", "/tenant", 404, "WRONG_SIDE"],
    ["acme.localhost", "/central", 404, "WRONG_SIDE"],
  ])("answers %s %s with %i %s", async (host, path, status, code) => {
    const { ask } = await serve(appOf(await startTenancy()));

    const answer = await ask(host, path);

    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(Object.keys(answer.body as object)).toEqual(["error"]);
  });

  it("answers malformed JSON with 400 and hides an unexpected error behind a 500 that is reported", async () => {
    const tenancy = await startTenancy();
    const failures: unknown[] = [];
    tenancy.events.on("failure", (event) => void failures.push(event));
    const { ask } = await serve(appOf(tenancy));

    const malformed = await ask("acme.localhost", "/echo", { method: "POST", json: "{" });
    const broken = await ask("acme.localhost", "/broken");

    expect(malformed).toMatchObject({ status: 400, body: { error: { code: "BAD_REQUEST" } } });
    expect(broken).toMatchObject({ status: 500, body: { error: { code: "INTERNAL_ERROR" } } });
    expect(JSON.stringify(broken.body)).not.toContain("secret detail");
    expect(failures).toMatchObject([
      { error: new RangeError("secret detail"), tenantId: "acme-id" },
    ]);
  });

  it("ends a scope once, after the response is closed, and never runs a handler twice", async () => {
    const undone: string[] = [];
    const tenancy = await startTenancy({
      bootstrappers: [
        {
          name: "counting",
          bootstrap:
            ({ tenant }) =>
            () =>
              void undone.push(tenant.slug),
        },
      ],
    });
    let handled = 0;
    const app = express();
    app.use(tenancyMiddleware(tenancy));
    app.get("/", async (_request, response) => {
      handled++;
      response.write("half ");
      await wait(20);
      expect(undone).toEqual([]);
      response.end(tenancy.currentOrFail().slug);
    });
    const { ask } = await serve(app);

    const answer = await ask("acme.localhost", "/");
    await wait(20);

    expect(answer.body).toBe("half acme");
    expect(handled).toBe(1);
    expect(undone).toEqual(["acme"]);
  });

  it("ends the scope and fires its signal when the client goes away", async () => {
    const seen: string[] = [];
    const tenancy = await startTenancy({
      bootstrappers: [
        {
          name: "watching",
          bootstrap(scope) {
            scope.provide(TIMES, () => ({ undone: 0 }));
            scope.signal.addEventListener("abort", () => seen.push("signal"));
            return () => void seen.push("undo");
          },
        },
      ],
    });
    const app = express();
    app.use(tenancyMiddleware(tenancy));
    app.get("/", (_request, response) => {
      response.write("first");
    });
    const { port } = await serve(app);

    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: acme.localhost\r\n\r\n");
    await once(socket, "data");
    socket.destroy();
    await wait(50);

    expect(seen).toEqual(["signal", "undo"]);
  });

  it("is a no-op when it is mounted twice", async () => {
    const entered: string[] = [];
    const tenancy = await startTenancy({
      bootstrappers: [
        { name: "counting", bootstrap: ({ tenant }) => void entered.push(tenant.id) },
      ],
    });
    const app = express();
    app.use(tenancyMiddleware(tenancy), tenancyMiddleware(tenancy));
    app.get("/", (_request, response) => void response.json({ id: tenancy.current()?.id }));
    const { ask } = await serve(app);

    const answer = await ask("acme.localhost", "/");

    expect(answer.body).toEqual({ id: "acme-id" });
    expect(entered).toEqual(["acme-id"]);
  });

  it("X01: keeps two tenants apart on interleaved requests, the first one finishing first", async () => {
    const tenancy = await startTenancy();
    const app = express();
    app.use(tenancyMiddleware(tenancy));
    app.get("/:milliseconds", async (request, response) => {
      const before = tenancy.currentOrFail().slug;
      await wait(Number(request.params.milliseconds));
      response.json([before, tenancy.currentOrFail().slug]);
    });
    const { ask } = await serve(app);

    const first = ask("acme.localhost", "/20");
    const second = ask("globex.localhost", "/40");

    expect(JSON.parse((await first).body as string)).toEqual(["acme", "acme"]);
    expect(JSON.parse((await second).body as string)).toEqual(["globex", "globex"]);
  });

  it("refuses an unknown mode when the app is built", async () => {
    const tenancy = await startTenancy();

    expect(() => tenancyMiddleware(tenancy, { mode: "both" as never })).toThrow(
      /"tenant", "central"/,
    );
  });

  it("S058: refuses options that it does not know, which would mean their defaults", async () => {
    const tenancy = await startTenancy();
    const make = (options: unknown) => () => tenancyMiddleware(tenancy, options as never);

    expect(make({ modes: "tenant" })).toThrow('"tenancyMiddleware.modes" is not known');
    expect(make("tenant")).toThrow('"tenancyMiddleware" is of type string');
    expect(make(null)).toThrow('"tenancyMiddleware" is null');
    expect(make({ requestId: "x-request-id" })).toThrow('"requestId" is of type string');
  });

  it.each([tenancyMiddleware, tenancyErrors, tenantOnly, centralOnly])(
    "refuses to be made of anything but a tenancy: %o",
    (make) => {
      expect(() => make(undefined as never)).toThrow('Option "tenancy" is missing');
      expect(() => make(null as never)).toThrow(ConfigurationError);
    },
  );
});
