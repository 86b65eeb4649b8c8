import { expect, it } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks whose pages browsers let read a tenant's answers. */
export function originTests(harness: AdapterHarness): void {
  const { domainResolver, tenantOrigins } = harness.resolvers;
  const partner = "https://shop.example";

  /** Gives the origin whose pages may read what a host answers, as a browser is told. */
  async function start() {
    const tenancy = await startTenancy(harness, {
      more: [tenantRecord({ slug: "initech" })],
    });
    const { ask } = await runApplication(harness, {
      tenancy,
      allowsOrigin: tenantOrigins(tenancy, {
        hosts: domainResolver(),
        also: ({ slug }) => (slug === "acme" ? [partner] : []),
      }),
      routes: [{ method: "GET", path: "/", handle: () => ({ slug: tenancy.current()?.slug }) }],
    });
    return async (host: string, Origin: string, method = "GET") => {
      const asked = method === "OPTIONS" ? { "Access-Control-Request-Method": "POST" } : {};
      const { headers } = await ask(host, "/", { method, headers: { Origin, ...asked } });
      return headers["access-control-allow-origin"];
    };
  }

  it.each(["GET", "OPTIONS"])(
    "F049: answers to %s are for the tenant's own pages and no other tenant's, whoever is done first",
    async (method) => {
      const allowed = await start();
      const [acme, globex] = ["http://acme.localhost:3000", "http://globex.localhost:3000"];

      const both = await Promise.all([
        allowed("acme.localhost", acme, method),
        allowed("globex.localhost", acme, method),
        allowed("globex.localhost", globex, method),
        allowed("acme.localhost", globex, method),
      ]);

      expect(both).toEqual([acme, undefined, globex, undefined]);
    },
  );

  it("F049: answers are for those pages beside them that the tenant names", async () => {
    const allowed = await start();

    expect(await allowed("acme.localhost", partner)).toBe(partner);
    expect(await allowed("globex.localhost", partner)).toBeUndefined();
  });

  it.each([
    "null",
    "http://acme.localhost.evil.example",
    "http://evil.example/acme.localhost",
    "http://nobody.localhost",
    "http://localhost",
    "chrome-extension://acme.localhost",
    "acme.localhost",
  ])("F049: answers are not for pages of %s", async (origin) => {
    const allowed = await start();

    expect(await allowed("acme.localhost", origin)).toBeUndefined();
    expect(await allowed("localhost", origin)).toBeUndefined();
  });
}
