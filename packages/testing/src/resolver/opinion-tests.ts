import { centralDomains, isTenancyError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { answerOf } from "./answer-of.ts";
import { tenantOf } from "./tenant-of.ts";
import type { TenantResolverHarness } from "./tenant-resolver-harness.ts";

/** Checks what a resolver answers to requests that it understands. */
export function opinionTests(harness: TenantResolverHarness): void {
  const { central = centralDomains([]), tenants, centrals = [], silent, refused = [] } = harness;

  it("is shown a request with an opinion and one without", () => {
    expect(tenants.length, "tenants").toBeGreaterThan(0);
    expect(silent.length, "silent").toBeGreaterThan(0);
  });

  it("finds the candidates, in order", async () => {
    for (const { request, candidates } of tenants) {
      const resolution = await harness.create().resolve(request, central);

      expect({ ...resolution, isCredential: false }, request.url).toEqual(tenantOf(candidates));
    }
  });

  it("recognises the central application", async () => {
    for (const request of centrals) {
      expect(await harness.create().resolve(request, central)).toEqual({ kind: "central" });
    }
  });

  it("answers undefined where it has no opinion", async () => {
    for (const request of silent) {
      expect(await harness.create().resolve(request, central)).toBeUndefined();
    }
  });

  it("throws a TenancyError with a client's status on bad input", async () => {
    for (const request of refused) {
      const answer = await answerOf(harness.create(), request, central);

      expect(answer.kind, JSON.stringify(request)).toBe("error");
      const error = answer.kind === "error" ? answer.error : undefined;
      expect(isTenancyError(error) ? error.status : error).toBeOneOf([400, 401, 404, 421, 422]);
    }
  });

  it("answers the same request the same way, whatever came in between", async () => {
    const resolver = harness.create();
    const requests = [...tenants.map(({ request }) => request), ...silent, ...centrals];
    const first = await Promise.all(requests.map((one) => resolver.resolve(one, central)));

    const reversed = await Promise.all(
      requests.toReversed().map((one) => resolver.resolve(one, central)),
    );

    expect(reversed.toReversed()).toEqual(first);
  });
}
