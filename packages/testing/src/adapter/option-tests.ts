import { ConfigurationError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks that what cannot be meant is refused when the application is built. */
export function optionTests(harness: AdapterHarness): void {
  const { factories } = harness;

  it("S058: refuses options that it does not know, which would mean their defaults", async () => {
    const tenancy = await startTenancy(harness);
    const make = (options: unknown) => () => factories[0](tenancy, options as object);

    expect(make({ modes: "tenant" })).toThrow(/\.modes" is not known/);
    expect(make("tenant")).toThrow("is of type string");
    expect(make(null)).toThrow("is null");
    expect(make({ mode: "both" })).toThrow(/"tenant", "central"/);
    expect(make({ requestId: "x-request-id" })).toThrow('"requestId" is of type string');
    expect(make({ debugHeaders: "yes" })).toThrow('"debugHeaders" is yes');
  });

  it("refuses to be made of anything but a tenancy", () => {
    for (const make of factories) {
      expect(() => make(undefined as never)).toThrow('Option "tenancy" is missing');
      expect(() => make(null as never)).toThrow(ConfigurationError);
    }
  });

  it("S004: tells in debug headers how the tenant was found, when they are switched on", async () => {
    const tenancy = await startTenancy(harness);
    const routes = [{ method: "GET", path: "/", handle: () => ({}) }] as const;
    const shy = await runApplication(harness, { tenancy, routes });
    const open = await runApplication(harness, { tenancy, routes, debugHeaders: true });

    const { headers } = await open.ask("acme.localhost", "/");
    expect(headers["x-tenant-id"]).toBe((await tenancy.find({ by: "slug", value: "acme" }))?.id);
    expect(headers["x-tenant-cache"]).toBe("hit");
    for (const answer of [
      await shy.ask("acme.localhost", "/"),
      await open.ask("localhost", "/"),
      await open.ask("nobody.localhost", "/"),
    ]) {
      expect(answer.headers["x-tenant-id"]).toBeUndefined();
      expect(answer.headers["x-tenant-cache"]).toBeUndefined();
    }
  });

  it("S004: tells that the tenant had to be asked for", async () => {
    const known = await startTenancy(harness);
    const store = {
      find: async (reference: Parameters<typeof known.store.find>[0]) =>
        known.store.find(reference),
      list: () => known.store.list(),
    };
    const tenancy = await startTenancy(harness, { store });
    const routes = [{ method: "GET", path: "/", handle: () => ({}) }] as const;
    const app = await runApplication(harness, { tenancy, routes, debugHeaders: true });

    const { headers } = await app.ask("acme.localhost", "/");

    expect(headers["x-tenant-cache"]).toBe("miss");
  });

  it("F138: an id that cannot stand in a header is escaped there", async () => {
    const odd = tenantRecord({ id: "odd\r\nX-Evil: 1 \u00e9", slug: "odd" });
    const tenancy = await startTenancy(harness, { more: [odd] });
    const routes = [{ method: "GET", path: "/", handle: () => ({}) }] as const;
    const app = await runApplication(harness, { tenancy, routes, debugHeaders: true });

    const { status, headers } = await app.ask("odd.localhost", "/");

    expect(status).toBe(200);
    expect(headers["x-tenant-id"]).toBe("odd%0D%0AX-Evil%3A%201%20%C3%A9");
    expect(headers["x-evil"]).toBeUndefined();
  });
}
