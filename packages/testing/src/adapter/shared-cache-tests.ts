import { expect, it } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { AdapterHarness } from "./adapter-harness.ts";
import type { Answer } from "./ask.ts";
import { type RunningApplication, runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** Checks that no cache between clients and the application gives one tenant's page to another. */
export function sharedCacheTests(harness: AdapterHarness): void {
  const { resolvers } = harness;
  const anyone = "the tests say so";

  /** An application whose tenant is in a header, if in any. */
  async function start(
    handle: (response: { setHeader(name: string, value: string): void }) => void,
  ) {
    const byHeader = resolvers.trusted(resolvers.headerResolver({ header: "X-Tenant" }), {
      anyone,
    });
    const tenancy = await startTenancy(harness, {
      resolve: resolvers.firstOf(byHeader, resolvers.domainResolver()),
    });
    return runApplication(harness, {
      tenancy,
      routes: [
        {
          method: "GET",
          path: "/",
          handle({ response }) {
            handle(response);
            return { slug: tenancy.current()?.slug ?? null };
          },
        },
      ],
    });
  }

  it("F047: what depends on a header says so, and is private unless the handler says otherwise", async () => {
    const silent = await start(() => undefined);
    const open = await start((response) =>
      response.setHeader("Cache-Control", "public, max-age=60"),
    );
    const said = async (app: RunningApplication, headers: Record<string, string>) => {
      const answer = await app.ask("localhost", "/", { headers });
      return [answer.status, answer.headers.vary, answer.headers["cache-control"]];
    };

    expect(await said(silent, { "X-Tenant": "acme" })).toEqual([200, "X-Tenant", "private"]);
    expect(await said(silent, {})).toEqual([200, "X-Tenant", undefined]);
    const [status, vary, control] = await said(open, { "X-Tenant": "acme" });
    expect([status, vary]).toEqual([200, "X-Tenant"]);
    expect(control).toMatch(/^(?:public, max-age=60|private)$/);
    const unknown = await said(silent, { "X-Tenant": "nobody" });
    expect([unknown[0], unknown[2]]).toEqual([404, "no-store"]);
  });

  it("F047: a cache that keys on the path and heeds what answers say mixes no tenants", async () => {
    for (const control of [undefined, "public, max-age=60"]) {
      const app = await start((response) => {
        if (control !== undefined) response.setHeader("Cache-Control", control);
      });
      const cache = sharedCache(app);
      const seen: unknown[] = [];
      for (const slug of ["acme", "globex", "", "acme", "globex", ""]) {
        seen.push(await cache(slug === "" ? {} : { "x-tenant": slug }));
      }

      const [acme, globex, central] = ["acme", "globex", null].map((slug) => ({ slug }));
      expect(seen).toEqual([acme, globex, central, acme, globex, central]);
    }
  });

  it("F047: where the host says it all, nothing is said to caches but of refusals", async () => {
    const tenancy = await startTenancy(harness, {
      more: [tenantRecord({ slug: "suspended", status: "suspended" })],
    });
    const routes = [{ method: "GET", path: "/", handle: () => ({}) }] as const;
    const app = await runApplication(harness, { tenancy, routes });

    for (const [host, control] of [
      ["acme.localhost", undefined],
      ["localhost", undefined],
      ["nobody.localhost", "no-store"],
      ["suspended.localhost", "no-store"],
      ["a@b", "no-store"],
    ] as const) {
      const { headers } = await app.ask(host, "/");
      expect([host, headers.vary, headers["cache-control"]]).toEqual([host, undefined, control]);
    }
  });
}

/** What a cache keeps that takes all hosts for one, as some are set up; it heeds `Vary` and `Cache-Control`. */
function sharedCache(app: RunningApplication) {
  const kept: { readonly headers: Record<string, string>; readonly answer: Answer }[] = [];
  return async (headers: Record<string, string>): Promise<unknown> => {
    const hit = kept.find(({ headers: before, answer }) =>
      String(answer.headers.vary ?? "")
        .toLowerCase()
        .split(/, */)
        .every((name) => before[name] === headers[name]),
    );
    if (hit !== undefined) return hit.answer.json;
    const answer = await app.ask("localhost", "/", { headers });
    const control = String(answer.headers["cache-control"] ?? "");
    if (!/private|no-store/.test(control)) kept.push({ headers, answer });
    return answer.json;
  };
}
