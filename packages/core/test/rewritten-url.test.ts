import { describe, expect, it } from "vitest";
import type { TenantReference, TenantResolution } from "../src/index.ts";
import { exchange } from "./support/exchange.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme } from "./support/tenants.ts";

const candidates: readonly TenantReference[] = [{ by: "slug", value: "acme" }];
const below: TenantResolution = { kind: "tenant", candidates, url: "/notes" };

describe("a resolver that takes the tenant off the request target", () => {
  it.each<[string, TenantResolution]>([
    ["alone", below],
    ["beside others that agree", strict({ kind: "tenant", candidates }, below)],
    ["below others that agree", strict({ kind: "tenant", candidates }, strict(below))],
  ])("C085: has handlers see the rest, %s", async (_, resolution) => {
    const { seen, tenants } = await visit(resolution);

    expect(seen).toEqual(["/notes"]);
    expect(tenants).toEqual(["acme"]);
  });

  it("C085: changes nothing when nobody is found, when the route is the other side's, or without a rest", async () => {
    const unknown = [{ by: "slug", value: "nobody" }];

    expect((await visit({ kind: "tenant", candidates: unknown, url: "/notes" })).seen).toEqual([]);
    expect((await visit(below, "central")).seen).toEqual([]);
    expect((await visit({ kind: "tenant", candidates })).seen).toEqual([]);
    expect((await visit({ kind: "central" }, "universal")).seen).toEqual([]);
  });

  it("C085: is harmless where an adapter cannot rewrite", async () => {
    const tenancy = await startTenancy({ resolve: { name: "test", resolve: () => below } });
    const request = exchange("/t/acme/notes", () => tenancy.current()?.id);

    expect(tenancy.handle(request)).toBe(acme.id);
    request.close();
  });
});

async function visit(
  resolution: TenantResolution,
  mode: "tenant" | "central" | "universal" = "tenant",
) {
  const tenancy = await startTenancy({ resolve: { name: "test", resolve: () => resolution } });
  const seen: string[] = [];
  const tenants: unknown[] = [];
  const request = exchange(
    "/t/acme/notes",
    () => void tenants.push(tenancy.current()?.slug ?? null),
    { mode },
  );
  try {
    await tenancy.handle({ ...request, rewrite: (url: string) => void seen.push(url) });
  } catch {
    tenants.push("refused");
  }
  request.close();
  return { seen, tenants };
}

function strict(...resolutions: readonly TenantResolution[]): TenantResolution {
  return {
    kind: "strict",
    opinions: resolutions.map((resolution, index) => ({ resolver: `r${index}`, resolution })),
  };
}
