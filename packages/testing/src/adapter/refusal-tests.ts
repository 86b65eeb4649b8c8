import type { DeniedEvent, FailureEvent, Tenant, TenantStore } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme } from "../fixtures/tenant-record.ts";
import type { AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { refusedTenants, startTenancy } from "./start-tenancy.ts";

/** Checks what is refused, with what, and that nothing of the application ran. */
export function refusalTests(harness: AdapterHarness): void {
  it.each([
    ["nobody.localhost", "/", 404, "TENANT_NOT_FOUND", undefined],
    ["a@acme.localhost", "/", 400, "INVALID_HOST", undefined],
    ["", "/", 400, "INVALID_HOST", undefined],
    ["127.0.0.1", "/", 400, "TENANT_NOT_IDENTIFIED", undefined],
    ["localhost", "/tenant", 404, "WRONG_SIDE", undefined],
    ["acme.localhost", "/central", 404, "WRONG_SIDE", undefined],
    ["acme.localhost", "/nothing", 404, "NOT_FOUND", undefined],
    ["provisioning.localhost", "/", 503, "TENANT_NOT_READY", "5"],
    ["failed.localhost", "/", 503, "TENANT_NOT_READY", "5"],
    ["inactive.localhost", "/", 403, "TENANT_INACTIVE", undefined],
    ["suspended.localhost", "/", 403, "TENANT_SUSPENDED", undefined],
    ["blocked.localhost", "/", 403, "TENANT_BLOCKED", undefined],
    ["archived.localhost", "/", 403, "TENANT_ARCHIVED", undefined],
    ["pending.localhost", "/", 404, "TENANT_NOT_FOUND", undefined],
    ["deleting.localhost", "/", 404, "TENANT_NOT_FOUND", undefined],
    ["deleted.localhost", "/", 404, "TENANT_NOT_FOUND", undefined],
    ["expired.localhost", "/", 403, "TENANT_EXPIRED", undefined],
    ["closed.localhost", "/", 503, "TENANT_CLOSED", "30"],
    ["maintained.localhost", "/", 503, "TENANT_MAINTENANCE", "60"],
  ])(
    "C092 C101 S008 S009: answers %j %s with %i %s",
    async (host, path, status, code, retryAfter) => {
      const handled: string[] = [];
      const handle = () => void handled.push(path);
      const tenancy = await startTenancy(harness, { more: refusedTenants() });
      const app = await runApplication(harness, {
        tenancy,
        routes: [
          { method: "GET", path: "/", handle },
          { method: "GET", path: "/tenant", only: "tenant", handle },
          { method: "GET", path: "/central", only: "central", handle },
        ],
      });

      const answer = await app.ask(host, path);

      expect(answer).toMatchObject({ status, json: { error: { code } } });
      expect(Object.keys(answer.json as object)).toEqual(["error"]);
      expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(answer.headers["retry-after"]).toBe(retryAfter);
      expect(handled).toEqual([]);
    },
  );

  it("unknown, deleted and unverified tenants look alike from outside", async () => {
    const tenancy = await startTenancy(harness, { more: refusedTenants() });
    const app = await runApplication(harness, { tenancy, routes: [] });

    const hosts = ["nobody.localhost", "deleted.localhost", "pending.localhost"];
    const answers = await Promise.all(hosts.map((host) => app.ask(host, "/")));

    const told = answers.map(({ status, text, headers: { date: _date, ...headers } }) => ({
      status,
      text,
      headers,
    }));
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it.each(["tenant", "central"] as const)(
    "C098: the mode %s refuses the other side",
    async (mode) => {
      const tenancy = await startTenancy(harness);
      const route: AdapterRoute = { method: "GET", path: "/", handle: () => ({}) };
      const app = await runApplication(harness, { tenancy, mode, routes: [route] });

      const [right, wrong] =
        mode === "tenant" ? ["acme.localhost", "localhost"] : ["localhost", "acme.localhost"];

      expect((await app.ask(right, "/")).status).toBe(200);
      expect(await app.ask(wrong, "/")).toMatchObject({
        status: 404,
        json: { error: { code: "WRONG_SIDE" } },
      });
    },
  );

  it.each([
    { thrown: undefined, name: "nothing" },
    { thrown: null, name: "null" },
    { thrown: "", name: "an empty text" },
    { thrown: "router", name: "a word of a framework's" },
    { thrown: 0, name: "a number" },
  ])("F040: what is thrown before the handler, $name, is 500, and it never runs", async (given) => {
    const { thrown } = given;
    const leaving = {
      resolver: { resolve: { name: "leaving", resolve: () => Promise.reject(thrown) } },
      listener: {
        hooks: {
          denied: () => {
            throw thrown;
          },
        },
      },
    };
    for (const [name, parts] of Object.entries(leaving)) {
      const tenancy = await startTenancy(harness, parts);
      const failures: FailureEvent[] = [];
      tenancy.events.on("failure", (event) => void failures.push(event));
      let handled = 0;
      const handle = () => void handled++;
      const app = await runApplication(harness, {
        ...{ tenancy, mode: "tenant", fallback: handle },
        routes: [{ method: "GET", path: "/", handle }],
      });

      const answer = await app.ask(
        name === "listener" ? "nobody.localhost" : "acme.localhost",
        "/",
      );

      expect(answer.status).toBe(500);
      expect(failures).toHaveLength(1);
      expect(handled).toBe(0);
    }
  });

  it.each([
    ["at once", () => JSON.parse("{")],
    ["later", async () => JSON.parse("{")],
  ])("F034: a registry that fails %s is 503, never an unknown tenant", async (_when, find) => {
    const store: TenantStore<Tenant> = { find, async *list() {} };
    const denied: DeniedEvent[] = [];
    const tenancy = await startTenancy(harness, { store });
    tenancy.events.on("denied", (event) => void denied.push(event));
    const app = await runApplication(harness, { tenancy, routes: [] });

    const answer = await app.ask("acme.localhost", "/");

    expect(answer).toMatchObject({
      status: 503,
      json: { error: { code: "REGISTRY_UNAVAILABLE" } },
    });
    expect(answer.headers["retry-after"]).toBe("5");
    expect(denied).toMatchObject([{ error: { code: "REGISTRY_UNAVAILABLE" } }]);
  });

  it.each(["sync", "async"])(
    "F040: a %s error of the application is a plain 500 that is told with its tenant, and no refusal",
    async (kind) => {
      const error = new RangeError("secret detail");
      const failures: FailureEvent[] = [];
      const denied: DeniedEvent[] = [];
      const tenancy = await startTenancy(harness);
      tenancy.events.on("failure", (event) => void failures.push(event));
      tenancy.events.on("denied", (event) => void denied.push(event));
      let handled = 0;
      const app = await runApplication(harness, {
        tenancy,
        routes: [
          {
            method: "GET",
            path: "/broken",
            handle() {
              handled++;
              if (kind === "sync") throw error;
              return Promise.reject(error);
            },
          },
        ],
      });

      const answer = await app.ask("acme.localhost", "/broken");

      expect(answer).toMatchObject({ status: 500, json: { error: { code: "INTERNAL_ERROR" } } });
      expect(answer.text).not.toContain("secret detail");
      expect(failures).toMatchObject([{ error, tenantId: acme().id }]);
      expect(denied).toEqual([]);
      expect(handled).toBe(1);
    },
  );

  it("an error of the application with the code of a refusal is answered as such, and told as none", async () => {
    const denied: DeniedEvent[] = [];
    const tenancy = await startTenancy(harness);
    tenancy.events.on("denied", (event) => void denied.push(event));
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        { method: "GET", path: "/run", handle: () => tenancy.run("nobody", async () => "never") },
      ],
    });

    const answer = await app.ask("acme.localhost", "/run");

    expect(answer).toMatchObject({ status: 404, json: { error: { code: "TENANT_NOT_FOUND" } } });
    expect(denied).toEqual([]);
  });

  it("answers malformed JSON with 400", async () => {
    const tenancy = await startTenancy(harness);
    const route: AdapterRoute = { method: "POST", path: "/", handle: () => ({}) };
    const app = await runApplication(harness, { tenancy, routes: [route] });

    const answer = await app.ask("acme.localhost", "/", { body: "{" });

    expect(answer).toMatchObject({ status: 400, json: { error: { code: "BAD_REQUEST" } } });
  });
}
