import type { Tenancy, Tenant } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { gate } from "../suite/gate.ts";
import type { AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks that a request reaches its tenant, or the central side, and stays there. */
export function identificationTests(harness: AdapterHarness): void {
  it("C077 F020: gives each request the tenant of its host, and the central host none", async () => {
    const tenancy = await startTenancy(harness);
    const app = await runApplication(harness, { tenancy, routes: [whoAmI(tenancy)] });

    const hosts = ["acme.localhost", "GLOBEX.localhost.:8080", "localhost", "LOCALHOST:3000"];
    const answers = await Promise.all(hosts.map((host) => app.ask(host, "/who")));

    expect(answers.map(({ status, json }) => [status, json])).toEqual([
      [200, { slug: "acme" }],
      [200, { slug: "globex" }],
      [200, { slug: null }],
      [200, { slug: null }],
    ]);
  });

  it("C094 S007: a universal route answers on both kinds of host, a guarded one on its own", async () => {
    const tenancy = await startTenancy(harness);
    const handle = () => ({ side: tenancy.current() === null ? "central" : "tenant" });
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        { method: "GET", path: "/both", handle },
        { method: "GET", path: "/tenant", only: "tenant", handle },
        { method: "GET", path: "/central", only: "central", handle },
      ],
    });

    expect((await app.ask("acme.localhost", "/both")).json).toEqual({ side: "tenant" });
    expect((await app.ask("localhost", "/both")).json).toEqual({ side: "central" });
    expect((await app.ask("acme.localhost", "/tenant")).json).toEqual({ side: "tenant" });
    expect((await app.ask("localhost", "/central")).json).toEqual({ side: "central" });
  });

  it("takes the request's name from the header that the application chose", async () => {
    const tenancy = await startTenancy(harness);
    const app = await runApplication(harness, {
      tenancy,
      requestIdHeader: "x-request-id",
      routes: [{ method: "GET", path: "/origin", handle: () => tenancy.origin() }],
    });

    const named = await app.ask("acme.localhost", "/origin", {
      headers: { "x-request-id": "r-1" },
    });
    const unnamed = await app.ask("acme.localhost", "/origin");

    expect(named.json).toEqual({ requestId: "r-1" });
    expect(unnamed.json).toEqual({});
  });

  it("X01: keeps two tenants apart on interleaved requests, the first one finishing first", async () => {
    const tenancy = await startTenancy(harness);
    const gates = { acme: gate(), globex: gate() };
    const inside = gate();
    let waiting = 0;
    const app = await runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/slow",
          async handle() {
            const before = tenancy.currentOrFail().slug as keyof typeof gates;
            if (++waiting === 2) inside.open();
            await gates[before].opened;
            return [before, tenancy.currentOrFail().slug];
          },
        },
      ],
    });

    const first = app.ask("acme.localhost", "/slow");
    const second = app.ask("globex.localhost", "/slow");
    await inside.opened;
    gates.acme.open();
    const firstAnswer = await first;
    gates.globex.open();

    expect(firstAnswer.json).toEqual(["acme", "acme"]);
    expect((await second).json).toEqual(["globex", "globex"]);
  });

  it("C100 F045: a second adapter inside the first one is a no-op for the same tenant", async () => {
    const entered: string[] = [];
    const tenancy = await startTenancy(harness, {
      bootstrappers: [
        { name: "noting", bootstrap: ({ tenant }) => void entered.push(tenant.slug) },
      ],
    });
    const app = await runApplication(harness, { tenancy, mounted: 2, routes: [whoAmI(tenancy)] });

    expect((await app.ask("acme.localhost", "/who")).json).toEqual({ slug: "acme" });
    expect((await app.ask("localhost", "/who")).json).toEqual({ slug: null });
    expect(entered).toEqual(["acme"]);
  });

  it("F045: a second adapter that finds another tenant is a mistake, and answers 500", async () => {
    let inside = () => false;
    const tenancy = await startTenancy(harness, {
      resolve: {
        name: "another-one-inside",
        resolve: () => ({
          kind: "tenant",
          candidates: [{ by: "slug", value: inside() ? "globex" : "acme" }],
        }),
      },
    });
    inside = () => tenancy.current() !== null;
    tenancy.events.on("failure", () => undefined);
    const app = await runApplication(harness, { tenancy, mounted: 2, routes: [whoAmI(tenancy)] });

    const answer = await app.ask("acme.localhost", "/who");

    expect(answer).toMatchObject({ status: 500, json: { error: { code: "TENANT_MISMATCH" } } });
  });

  it("two tenancies in one application do not see each other's tenant", async () => {
    const tenancy = await startTenancy(harness);
    const inner = await startTenancy(harness);
    const app = await runApplication(harness, {
      tenancy,
      inner,
      routes: [
        {
          method: "GET",
          path: "/both",
          handle: () => [tenancy.currentOrFail().slug, inner.currentOrFail().slug],
        },
      ],
    });

    expect((await app.ask("acme.localhost", "/both")).json).toEqual(["acme", "acme"]);
  });
}

function whoAmI(tenancy: Tenancy<Tenant>): AdapterRoute {
  return {
    method: "GET",
    path: "/who",
    handle: () => ({ slug: tenancy.current()?.slug ?? null }),
  };
}
