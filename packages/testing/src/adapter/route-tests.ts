import { isTenancyError, type RouteMode, TenantNotFoundError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { AdapterApplication, AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks which side routes belong to, who tells their tenant, and who answers refusals. */
export function routeTests(harness: AdapterHarness): void {
  const { resolvers } = harness;

  it.each<[string, Partial<AdapterApplication>, Partial<AdapterRoute>, Partial<AdapterRoute>]>([
    ["both for all routes", { rules: rulesOf("/tenant", "/central") }, {}, {}],
    ["a guard at each route", {}, { only: "tenant" }, { only: "central" }],
    ["both at each route", { mounted: 0 }, { identified: "tenant" }, { identified: "central" }],
    [
      "identification at each route and a guard",
      { mounted: 0 },
      { identified: "universal", only: "tenant" },
      { identified: "universal", only: "central" },
    ],
    [
      "one for all and one again",
      { rules: rulesOf("/tenant") },
      { identified: "tenant" },
      { only: "central" },
    ],
  ])(
    "C092 C093: routes answer 404 on the wrong side, with %s",
    async (_, application, ofTenant, ofCentral) => {
      const { ask } = await start(harness, application, [
        { path: "/tenant", ...ofTenant },
        { path: "/central", ...ofCentral },
      ]);

      expect(await ask("acme.localhost", "/tenant")).toEqual([200, { slug: "acme" }]);
      expect(await ask("localhost", "/central")).toEqual([200, { slug: null }]);
      expect(await ask("localhost", "/tenant")).toEqual(wrongSide);
      expect(await ask("acme.localhost", "/central")).toEqual(wrongSide);
      expect(await ask("nobody.localhost", "/tenant")).toEqual([404, "TENANT_NOT_FOUND"]);
    },
  );

  it.each<[RouteMode, string, string]>([
    ["tenant", "acme.localhost", "localhost"],
    ["central", "localhost", "acme.localhost"],
  ])(
    "C098: the mode %s decides where no rule does, and a rule wins",
    async (mode, right, wrong) => {
      const rules = [
        { path: "/both", mode: "universal" },
        { path: "/other", mode: mode === "tenant" ? "central" : "tenant" },
      ] as const;
      const paths = ["/", "/both/x", "/other"].map((path) => ({ path }));
      const { ask } = await start(harness, { mode, rules }, paths);

      expect((await ask(right, "/"))[0]).toBe(200);
      expect(await ask(wrong, "/")).toEqual(wrongSide);
      expect((await ask(right, "/both/x"))[0]).toBe(200);
      expect((await ask(wrong, "/both/x"))[0]).toBe(200);
      expect((await ask(wrong, "/other"))[0]).toBe(200);
      expect(await ask(right, "/other")).toEqual(wrongSide);
    },
  );

  it("C096: a request is identified before anything of its route is made", async () => {
    const made: string[] = [];
    const { ask } = await start(harness, { mode: "tenant" }, [
      { path: "/made/:note", bind: (note) => String(made.push(note)) },
    ]);

    expect(await ask("localhost", "/made/1")).toEqual(wrongSide);
    expect(await ask("nobody.localhost", "/made/2")).toEqual([404, "TENANT_NOT_FOUND"]);
    expect((await ask("acme.localhost", "/made/3"))[0]).toBe(200);
    expect(made).toEqual(["3"]);
  });

  it("C097: a rule's resolver counts there, and the tenancy's own everywhere else", async () => {
    const header = resolvers.headerResolver({ header: "X-Tenant" });
    const resolve = resolvers.trusted(header, { anyone: "it is a test" });
    const rules = [{ path: "/api", mode: "tenant", resolve }] as const;
    const { ask } = await start(harness, { rules }, [{ path: "/api/who" }, { path: "/who" }]);
    const headers = { "x-tenant": "globex" };

    expect(await ask("acme.localhost", "/api/who", headers)).toEqual([200, { slug: "globex" }]);
    expect(await ask("acme.localhost", "/who", headers)).toEqual([200, { slug: "acme" }]);
    expect(await ask("acme.localhost", "/api/who")).toEqual([400, "TENANT_NOT_IDENTIFIED"]);
  });

  it("C097: an adapter's own resolver counts instead of the tenancy's", async () => {
    const resolve = resolvers.pathResolver({ routes: ["/t/:tenant"] });
    const { ask } = await start(harness, { resolve, rewritten: true }, [{ path: "/who" }]);

    expect(await ask("acme.localhost", "/t/globex/who")).toEqual([200, { slug: "globex" }]);
    expect(await ask("acme.localhost", "/who")).toEqual([400, "TENANT_NOT_IDENTIFIED"]);
  });

  it.each(["/ADMIN", "/%61dmin", "//admin", "/admin;x", "/admin/", "/admin?x", "/admin%2fx"])(
    "C092: %s is below /admin, whatever the router makes of it",
    async (path) => {
      const rules = [{ path: "/admin", mode: "central" }] as const;
      const { ask } = await start(harness, { rules }, [{ path: "/admin" }]);

      expect(await ask("acme.localhost", path)).toEqual(wrongSide);
    },
  );

  it("C092: /administrators is not below /admin", async () => {
    const rules = [{ path: "/admin", mode: "central" }] as const;
    const { ask } = await start(harness, { rules }, [{ path: "/administrators" }]);

    expect(await ask("acme.localhost", "/administrators")).toEqual([200, { slug: "acme" }]);
  });

  it("C079 C080 C081 C091 S006: onFail answers refusals, or lets them surface", async () => {
    const failWith = (error: unknown) => {
      if (!isTenancyError(error) || error.code === "INVALID_HOST") return undefined;
      return { status: 418, body: { failed: error.code } };
    };
    const { ask } = await start(harness, { failWith, mode: "tenant" }, [
      { path: "/who" },
      { path: "/broken", fail: true },
      { path: "/lost", handle: lose },
    ]);

    expect(await ask("acme.localhost", "/who")).toEqual([200, { slug: "acme" }]);
    expect(await ask("nobody.localhost", "/who")).toEqual([418, { failed: "TENANT_NOT_FOUND" }]);
    expect(await ask("evil.com", "/who")).toEqual([418, { failed: "TENANT_NOT_FOUND" }]);
    expect(await ask("127.0.0.1", "/who")).toEqual([418, { failed: "TENANT_NOT_IDENTIFIED" }]);
    expect(await ask("localhost", "/who")).toEqual([418, { failed: "WRONG_SIDE" }]);
    expect(await ask("a@b", "/who")).toEqual([400, "INVALID_HOST"]);
    expect(await ask("acme.localhost", "/broken")).toEqual([500, "INTERNAL_ERROR"]);
    // An error of a handler is no refusal, whatever it looks like.
    expect(await ask("acme.localhost", "/lost")).toEqual([404, "TENANT_NOT_FOUND"]);
  });

  it.each<[string, object, string]>([
    ["no list", { routes: {} }, "routes"],
    ["no path", { routes: [{ mode: "tenant" }] }, "routes[0].path"],
    ["a pattern", { routes: [{ path: "/t/:tenant" }] }, "routes[0].path"],
    ["no mode", { routes: [{ path: "/", mode: "both" }] }, "routes[0].mode"],
    ["no resolver", { routes: [{ path: "/", resolve: {} }] }, "routes[0].resolve"],
    ["an unknown key", { routes: [{ path: "/", guard: 1 }] }, "routes[0].guard"],
    ["no resolver at all", { resolve: "domain" }, "resolve"],
    ["no function", { onFail: "404" }, "onFail"],
  ])("S058: refuses options that cannot be right: %s", async (_, options, key) => {
    const tenancy = await startTenancy(harness);

    expect(() => harness.factories[0](tenancy, options)).toThrow(`Option "${key}"`);
  });

  it("C090: refuses what anybody can set in a rule, too", async () => {
    const tenancy = await startTenancy(harness);
    const resolve = resolvers.queryResolver({ parameter: "tenant" });

    for (const options of [{ resolve }, { routes: [{ path: "/", resolve }] }]) {
      expect(() => harness.factories[0](tenancy, options)).toThrow("which anybody can set");
    }
  });
}

const wrongSide = [404, "WRONG_SIDE"];

async function lose(): Promise<never> {
  throw new TenantNotFoundError("id", "nobody");
}

function rulesOf(...paths: readonly string[]) {
  return paths.map((path) => ({ path, mode: path.slice(1) as RouteMode }));
}

async function start(
  harness: AdapterHarness,
  application: Partial<AdapterApplication>,
  routes: readonly (Partial<AdapterRoute> & { readonly path: string; readonly fail?: boolean })[],
) {
  const tenancy = await startTenancy(harness);
  const app = await runApplication(harness, {
    ...application,
    tenancy,
    routes: routes.map(({ fail, ...route }) => ({
      method: "GET",
      handle() {
        if (fail) JSON.parse("{");
        return { slug: tenancy.current()?.slug ?? null };
      },
      ...route,
    })),
  });
  return {
    /** Gives status and body of an answer, of an error only its code. */
    async ask(host: string, path: string, headers: Record<string, string> = {}) {
      const { status, json } = await app.ask(host, path, { headers });
      const code = (json as { readonly error?: { readonly code: string } }).error?.code;
      return [status, code ?? json];
    },
  };
}
