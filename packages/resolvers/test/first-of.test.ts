import {
  ConfigurationError,
  InvalidHostError,
  type MaybePromise,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { domainResolver } from "../src/domain-resolver.ts";
import { firstOf } from "../src/first-of.ts";
import { subdomainResolver } from "../src/subdomain-resolver.ts";
import { centralOf, requestTo } from "./requests.ts";

const central = centralOf("example.com");
const acme: TenantResolution = { kind: "tenant", candidates: [{ by: "slug", value: "acme" }] };
const globex: TenantResolution = { kind: "tenant", candidates: [{ by: "slug", value: "globex" }] };

function answering(name: string, answer: MaybePromise<TenantResolution | undefined>) {
  return { name, resolve: () => answer } satisfies TenantResolver;
}

function unreachable(name = "unreachable"): TenantResolver {
  return {
    name,
    resolve() {
      expect.unreachable("a later resolver was asked after an opinion");
    },
  };
}

describe("firstOf", () => {
  it("takes the first opinion, at once where no resolver waits", () => {
    const resolver = firstOf(answering("a", undefined), answering("b", acme), unreachable());

    expect(resolver.resolve(requestTo("a"), central)).toBe(acme);
  });

  it("F028: never asks on after an opinion, whether or not its tenant exists", () => {
    const resolver = firstOf(subdomainResolver({ domain: "example.com" }), unreachable());

    expect(resolver.resolve(requestTo("nobody.example.com"), central)).toEqual({
      kind: "tenant",
      candidates: [{ by: "slug", value: "nobody" }],
    });
  });

  it("takes central for an opinion", () => {
    const resolver = firstOf(domainResolver(), unreachable());

    expect(resolver.resolve(requestTo("example.com"), central)).toEqual({ kind: "central" });
  });

  it("F021: never asks on after a resolver refused the request", async () => {
    const refusing = firstOf(domainResolver(), unreachable());
    const rejection = Promise.reject(new InvalidHostError("a@b", "it is a test"));
    const rejecting = firstOf(answering("a", rejection), unreachable());

    expect(() => refusing.resolve(requestTo("a@b"), central)).toThrow(InvalidHostError);
    await expect(rejecting.resolve(requestTo("a"), central)).rejects.toThrow(InvalidHostError);
  });

  it("waits for a resolver before it asks the next one", async () => {
    const resolver = firstOf(
      answering("a", Promise.resolve(undefined)),
      answering("b", Promise.resolve(globex)),
      unreachable(),
    );

    await expect(resolver.resolve(requestTo("a"), central)).resolves.toBe(globex);
  });

  it("F026: asks on where a resolver knows nobody, and says so when no other knows better", async () => {
    const known: TenantResolution = { kind: "nobody", reference: { by: "host", value: "a" } };
    const other: TenantResolution = { kind: "nobody", reference: { by: "host", value: "b" } };
    const a = answering("a", known);
    const later = answering("later", Promise.resolve(other));
    const resolve = (...resolvers: TenantResolver[]) =>
      firstOf(...resolvers).resolve(requestTo("a"), central);

    expect(resolve(a, answering("b", acme))).toBe(acme);
    expect(resolve(answering("b", undefined), a)).toBe(known);
    expect(resolve(a, answering("b", undefined))).toBe(known);
    await expect(resolve(a, later)).resolves.toBe(known);
    await expect(resolve(later, answering("b", undefined))).resolves.toBe(other);
    await expect(resolve(later, answering("b", globex))).resolves.toBe(globex);
  });

  it("has no opinion when none of them has one", async () => {
    const now = firstOf(answering("a", undefined), answering("b", undefined));
    const later = firstOf(answering("a", undefined), answering("b", Promise.resolve(undefined)));

    expect(now.resolve(requestTo("a"), central)).toBeUndefined();
    await expect(later.resolve(requestTo("a"), central)).resolves.toBeUndefined();
  });

  it("gives each resolver the request and the central domains", async () => {
    const request = requestTo("a");
    const seen: unknown[] = [];
    const spy: TenantResolver = {
      name: "spy",
      resolve(...given) {
        seen.push(...given);
        return undefined;
      },
    };

    await firstOf(spy).resolve(request, central);

    expect(seen).toEqual([request, central]);
    expect(seen[0]).toBe(request);
  });

  it("combines slugs under one domain with tenants' own domains", () => {
    const resolver = firstOf(subdomainResolver({ domain: "example.com" }), domainResolver());

    expect(resolver.resolve(requestTo("acme.example.com"), central)).toEqual(acme);
    expect(resolver.resolve(requestTo("shop.globex.com"), central)).toEqual({
      kind: "tenant",
      candidates: [{ by: "domain", value: "shop.globex.com" }],
    });
    expect(resolver.resolve(requestTo("127.0.0.1"), central)).toBeUndefined();
  });

  it("is named after its resolvers", () => {
    const resolver = firstOf(domainResolver(), firstOf(unreachable("header")));

    expect(resolver.name).toBe("firstOf(domain, firstOf(header))");
    expectTypeOf(resolver).toEqualTypeOf<TenantResolver>();
  });

  it("refuses to be empty", () => {
    expect(() => firstOf()).toThrow(ConfigurationError);
  });

  it.each([null, undefined, {}, "domain", [domainResolver()], { name: "half" }])(
    "refuses what is no resolver: %j",
    (other) => {
      const create = () => firstOf(domainResolver(), other as never);

      expect(create).toThrow(ConfigurationError);
      expect(create).toThrow('"firstOf[1]" is no resolver');
    },
  );

  it("refuses two resolvers of the same name", () => {
    const create = () => firstOf(domainResolver(), unreachable(), domainResolver());

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow('"firstOf[2].name" is "domain"');
  });
});
