import type { RouteMode, RouteRule } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { refusedTenants, startTenancy } from "./start-tenancy.ts";

/** Checks that no spelling of a path, and no tenant in it, gets a request around a rule or below one that is not its own. */
export function rulePathTests(harness: AdapterHarness): void {
  const { resolvers } = harness;
  const { domainResolver, firstOf, headerResolver, pathResolver, trusted } = resolvers;
  const gateway = trusted(headerResolver({ header: "X-Tenant" }), { anyone: "it is a test" });
  const rules: readonly RouteRule[] = [
    { path: "/admin", mode: "central" },
    { path: "/status", mode: "universal" },
    { path: "/internal", resolve: gateway },
  ];
  const globex = { "x-tenant": "globex" };

  it.each(["/status%2Fx", "/status;x", "/STATUS", "/%73tatus", "//status", "/status%2f..;/"])(
    "C092 C098: %s is no way into a tenant's route without a tenant",
    async (path) => {
      const { ask, served } = await start(harness, { mode: "tenant", rules });

      expect(await ask("localhost", path)).toEqual([404, "WRONG_SIDE"]);
      expect((await ask("localhost", "/status"))[0]).toBe(200);
      expect((await ask("acme.localhost", path))[0]).not.toBe(400);
      expect(served).not.toContain(`${path} of nobody`);
    },
  );

  it.each(["/internal%2Fx", "/internal;x", "/INTERNAL", "//internal/x", "/%69nternal"])(
    "C097: %s does not have the resolver of /internal name the tenant",
    async (path) => {
      const { ask, served } = await start(harness, { mode: "tenant", rules });

      expect(await ask("acme.localhost", path, globex)).toEqual([400, "AMBIGUOUS_PATH"]);
      expect(await ask("acme.localhost", path)).toEqual([400, "AMBIGUOUS_PATH"]);
      expect(served).toEqual([]);
      expect(await ask("acme.localhost", "/internal/x", globex)).toEqual([200, "globex"]);
      expect(await ask("acme.localhost", "/internals", globex)).toEqual([200, "acme"]);
    },
  );

  it.each(["/admin%2Fx", "/ADMIN", "/admin;x"])(
    "C092: %s is refused where a tenant's route and a central one claim it",
    async (path) => {
      const { ask } = await start(harness, { mode: "tenant", rules });

      expect(await ask("acme.localhost", path)).toEqual([400, "AMBIGUOUS_PATH"]);
      expect(await ask("localhost", path)).toEqual([400, "AMBIGUOUS_PATH"]);
    },
  );

  it("C092 C098: spellings that no rule looks at are nobody's concern", async () => {
    const { ask } = await start(harness, { mode: "tenant", rules });

    for (const path of ["/Notes", "/a%2Fb", "/a;b", "/%61"]) {
      expect(await ask("acme.localhost", path)).toEqual([200, "acme"]);
    }
  });

  it.each(["/admin", "/admin/users", "/ADMIN", "//admin", "/admin%2Fx", "/%61dmin", "/admin;x"])(
    "C085 C092: a tenant before %s in the path does not open the central route",
    async (path) => {
      const resolve = firstOf(pathResolver({ routes: ["/t/:tenant"] }), domainResolver());
      const { ask, served } = await start(harness, { mode: "tenant", rules }, resolve);

      for (const slug of ["acme", "suspended"]) {
        expect(await ask("localhost", `/t/${slug}${path}`)).toEqual([404, "WRONG_SIDE"]);
      }
      expect(served).toEqual([]);
      expect(await ask("localhost", "/t/acme/status")).toEqual([200, "acme"]);
      expect(await ask("localhost", "/t/acme/notes")).toEqual([200, "acme"]);
      expect(await ask("localhost", "/admin/users")).toEqual([200, null]);
    },
  );

  it.each(["/internal", "/internal/x", "/INTERNAL", "//internal", "/internal;x"])(
    "C085 C097: a tenant before %s in the path does not do without the rule's resolver",
    async (path) => {
      const resolve = firstOf(pathResolver({ routes: ["/t/:tenant"] }), domainResolver());
      const { ask, served } = await start(harness, { mode: "tenant", rules }, resolve);

      for (const headers of [{}, globex, { "x-tenant": "acme" }]) {
        expect(await ask("localhost", `/t/globex${path}`, headers)).toEqual([
          400,
          "AMBIGUOUS_PATH",
        ]);
      }
      expect(served).toEqual([]);
      expect(await ask("localhost", "/internal/x", globex)).toEqual([200, "globex"]);
    },
  );

  it("C085 C097 C098: below the path that names the tenant only rules are asked again", async () => {
    const resolve = pathResolver({ routes: ["/t/:tenant"] });
    const { ask } = await start(harness, {
      mode: "central",
      rules: [
        { path: "/t", mode: "tenant", resolve },
        { path: "/admin", mode: "central" },
      ],
    });

    expect(await ask("localhost", "/t/acme/notes")).toEqual([200, "acme"]);
    expect(await ask("localhost", "/t/acme/t")).toEqual([200, "acme"]);
    expect(await ask("localhost", "/t/acme/admin")).toEqual([404, "WRONG_SIDE"]);
    expect(await ask("localhost", "/notes")).toEqual([200, null]);
  });
}

async function start(
  harness: AdapterHarness,
  application: { readonly mode: RouteMode; readonly rules: readonly RouteRule[] },
  resolve = harness.resolvers.domainResolver(),
) {
  const tenancy = await startTenancy(harness, { more: refusedTenants(), resolve });
  const served: string[] = [];
  const app = await runApplication(harness, {
    ...application,
    tenancy,
    rewritten: true,
    routes: [],
    fallback({ url }) {
      const slug = tenancy.current()?.slug ?? null;
      served.push(`${url} of ${slug ?? "nobody"}`);
      return { slug };
    },
  });
  return {
    /** What reached a handler, and for whom. */
    served,
    /** Gives the status, and the slug of whoever was served or the code of an error. */
    async ask(host: string, path: string, headers: Record<string, string> = {}) {
      const { status, json } = await app.ask(host, path, { headers });
      const { slug, error } = json as { slug?: string | null; error?: { code: string } };
      return [status, error?.code ?? slug];
    },
  };
}
