import type { Tenancy, Tenant, TenantResolver } from "@af-tenancy/core";
import { expect } from "vitest";
import type { AdapterHarness, AdapterRoute } from "./adapter-harness.ts";
import { runApplication } from "./run-application.ts";
import { startTenancy } from "./start-tenancy.ts";

/** What the answer to a refused request has to be. */
export function refusal(status: number, code: string) {
  return [status, expect.objectContaining({ error: expect.objectContaining({ code }) })];
}

/** Runs an application with a resolver; `seen` is what its handlers saw. */
export async function serveResolver(
  harness: AdapterHarness,
  resolve: TenantResolver,
  { session }: { session?: object } = {},
) {
  const tenancy = await startTenancy(harness, { resolve });
  const seen: unknown[] = [];
  const routes = routesOf(tenancy, seen);
  const app = await runApplication(harness, {
    tenancy,
    rewritten: true,
    routes,
    ...(session && { session }),
  });
  return {
    seen,
    async ask(host: string, path: string, headers: Record<string, string> = {}) {
      const { status, json } = await app.ask(host, path, { headers });
      return [status, json];
    },
  };
}

function routesOf(tenancy: Tenancy<Tenant>, seen: unknown[]): readonly AdapterRoute[] {
  const handle: AdapterRoute["handle"] = ({ url, params }) => {
    seen.push([url, { ...params }]);
    return { slug: tenancy.current()?.slug ?? null };
  };
  return [
    { method: "GET", path: "/who", handle },
    { method: "GET", path: "/tenant", only: "tenant", handle },
    { method: "GET", path: "/notes/:note", only: "tenant", handle },
    { method: "GET", path: "/companies/:tenant/edit", only: "central", handle },
  ];
}
