import {
  centralDomains,
  isTenancyError,
  type TenancyRequest,
  type TenantResolution,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import { type Answer, answerOf } from "./answer-of.ts";
import { hostileRequests } from "./hostile-requests.ts";
import { hostileValues } from "./hostile-values.ts";
import { tenantOf } from "./tenant-of.ts";
import type { TenantResolverHarness } from "./tenant-resolver-harness.ts";

/** Checks that no request makes a resolver fail in a way that nobody foresaw. */
export function hostileTests(harness: TenantResolverHarness): void {
  const { central = centralDomains([]), tenants } = harness;
  const peers = new Set(tenants.map(({ request }) => request.remoteAddress));
  const requests = [
    ...hostileRequests(),
    ...[...peers].flatMap((peer) => hostileRequests().map((one) => sentBy(peer, one))),
    ...tenants.flatMap(({ request }) => spoilt(request)),
  ];

  it("F021 F029: answers hostile requests or throws a TenancyError, nothing else", async () => {
    const resolver = harness.create();

    for (const request of requests) {
      const answer = await answerOf(resolver, request, central);

      expect(faultOf(answer), JSON.stringify(request).slice(0, 300)).toBeUndefined();
    }
  });

  it("still answers well after hostile requests", async () => {
    const resolver = harness.create();
    for (const request of requests) await answerOf(resolver, request, central);

    for (const { request, candidates } of tenants) {
      const resolution = await resolver.resolve(request, central);
      expect({ ...resolution, isCredential: false }).toEqual(tenantOf(candidates));
    }
  });

  it("takes no long time over a long request", async () => {
    const resolver = harness.create();
    const began = performance.now();

    for (const request of requests) await answerOf(resolver, request, central);

    expect(performance.now() - began).toBeLessThan(2_000);
  });
}

function faultOf(answer: Answer): string | undefined {
  if (answer.kind === "error") {
    if (!isTenancyError(answer.error)) return `threw ${String(answer.error)}`;
    return answer.error.status < 500 ? undefined : `blamed the server: ${answer.error.message}`;
  }
  return oddityOf(answer.resolution);
}

function oddityOf(resolution: TenantResolution | undefined): string | undefined {
  if (resolution === undefined || resolution.kind === "central") return undefined;
  if (resolution.kind === "nobody") return undefined;
  if (resolution.kind === "strict") {
    if (resolution.opinions.length === 0) return "named no opinion";
    return resolution.opinions.map((one) => oddityOf(one.resolution)).find(Boolean);
  }
  if (resolution.kind !== "tenant") return `answered ${JSON.stringify(resolution)}`;
  if (resolution.candidates.length === 0) return "named no candidate";
  const odd = resolution.candidates.find(({ by, value }) => !isName(by) || !isName(value));
  return odd && `named the candidate ${JSON.stringify(odd)}`;
}

/** A name is looked up, logged and compared: visible ASCII, no longer than a domain with a wildcard. */
function isName(value: unknown): boolean {
  return typeof value === "string" && /^[\x21-\x7e]{1,255}$/.test(value);
}

/** A resolver that trusts some peers only has to stand what these send. */
function sentBy(remoteAddress: string | undefined, request: TenancyRequest): TenancyRequest {
  return { ...request, remoteAddress };
}

/** Variants of a good request that somebody tampered with. */
function spoilt(request: TenancyRequest): readonly TenancyRequest[] {
  const { rawHeaders } = request;
  const values = (change: (value: string) => string) => ({
    ...request,
    rawHeaders: rawHeaders.map((part, index) => (index % 2 === 0 ? part : change(part))),
  });
  return [
    { ...request, rawHeaders: [...rawHeaders, ...rawHeaders] },
    { ...request, rawHeaders: rawHeaders.map((part) => part.toUpperCase()) },
    { ...request, rawHeaders: [] },
    { ...request, remoteAddress: undefined },
    { ...request, url: `${request.url}%` },
    { ...request, url: request.url.repeat(2_000) },
    values((value) => `${value}\0`),
    values((value) => `${value}, ${value}`),
    values((value) => `${value}${"x".repeat(65_536)}`),
    ...hostileValues.map((hostile) => values(() => hostile)),
  ];
}
