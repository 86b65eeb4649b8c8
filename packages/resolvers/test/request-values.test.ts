import {
  ConfigurationError,
  type KeyRing,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cookieResolver,
  customResolver,
  domainOrSubdomainResolver,
  headerResolver,
  InvalidReferenceError,
  queryResolver,
  sealTenantCookie,
  sessionResolver,
} from "../src/index.ts";
import { centralOf } from "./requests.ts";
import { keys } from "./secrets.ts";

const requests: Record<string, [(by?: string) => TenantResolver, (value: string) => object]> = {
  header: [
    (by = "slug") => headerResolver({ header: "X-Tenant", by }),
    (value) => tenancyRequest({ headers: [["X-Tenant", value]] }),
  ],
  query: [
    (by = "slug") => queryResolver({ parameter: "tenant", by }),
    (value) => tenancyRequest({ url: `/?a=1&tenant=${encodeURIComponent(value)}` }),
  ],
  cookie: [
    (by = "slug") => cookieResolver({ cookie: "tenant", by }),
    (value) => tenancyRequest({ headers: [["Cookie", `a=1; tenant=${value}`]] }),
  ],
  session: [
    (by = "slug") => sessionResolver({ by }),
    (value) => ({ ...tenancyRequest(), source: { session: { tenantId: value } } }),
  ],
};

const hostile = [
  "",
  " ",
  "*",
  "acme,globex",
  "acme globex",
  "acme\0",
  "../acme",
  "' or 1=1 --",
  "acme'); drop table tenants; --",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "[object Object]",
  "\u00e4",
  "\uff41cme",
  "a".repeat(129),
  "a".repeat(65_536),
];

describe.each(Object.entries(requests))("the %s", (_, [create, requestWith]) => {
  const ask = (value: string, by?: string) =>
    create(by).resolve(requestWith(value) as ReturnType<typeof tenancyRequest>, centralOf());

  it("C090: names the tenant by what the resolver says", () => {
    expect(ask("acme")).toEqual({ kind: "tenant", candidates: [{ by: "slug", value: "acme" }] });
    expect(ask("7", "id")).toEqual({ kind: "tenant", candidates: [{ by: "id", value: "7" }] });
    expect(ask("A-17", "code")).toMatchObject({ candidates: [{ by: "code", value: "A-17" }] });
    expect(ask("ACME.example.com", "domain")).toMatchObject({
      candidates: [{ by: "domain", value: "acme.example.com" }],
    });
  });

  it.each(hostile)("F029: is refused with 400 where it is no name: %j", (value) => {
    expect(() => ask(value)).toThrow(InvalidReferenceError);
    expect(() => ask(value)).toThrow(/^.{0,500}$/);
  });

  it.each(["a@b", "acme.example.com:80", "acme.example.com.", "[::1", "*.acme.com"])(
    "F029: is refused with 400 where it is no domain: %j",
    (value) => {
      expect(() => ask(value, "domain")).toThrow(InvalidReferenceError);
    },
  );

  it("F029: is a plain name or refused, whatever it is", () => {
    const unit = fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), (value) => {
        const trimmed = value.toWellFormed();
        try {
          const resolution = ask(trimmed);
          if (resolution === undefined) return;
          expect(resolution).toMatchObject({
            candidates: [{ value: expect.stringMatching(/^[\w.@+~-]{1,128}$/) }],
          });
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidReferenceError);
        }
      }),
    );
  });
});

it.each<[string, () => unknown, string]>([
  ["no header", () => headerResolver({ header: "" }), "headerResolver.header"],
  ["no token", () => headerResolver({ header: "X Tenant" }), "headerResolver.header"],
  ["the host", () => headerResolver({ header: "Host" }), "headerResolver.header"],
  [
    "a forwarded host",
    () => headerResolver({ header: "x-forwarded-HOST" }),
    "headerResolver.header",
  ],
  ["another by", () => headerResolver({ header: "X-T", by: "" }), "headerResolver.by"],
  ["no parameter", () => queryResolver({ parameter: "a b" }), "queryResolver.parameter"],
  ["no cookie", () => cookieResolver({ cookie: "a;b" }), "cookieResolver.cookie"],
  ["no keys", () => cookieResolver({ cookie: "a", keys: "k" as never }), "cookieResolver.keys"],
  ["no key ring", () => sealTenantCookie(null as never, "a", "7"), "sealTenantCookie.keys"],
  ["no cookie to seal", () => sealTenantCookie(keys, "a b", "7"), "sealTenantCookie.cookie"],
  ["no value", () => sealTenantCookie(keys, "a", undefined as never), "sealTenantCookie.value"],
  ["an empty value", () => sealTenantCookie(keys, "a", ""), "sealTenantCookie.value"],
  ["no property", () => sessionResolver({ property: "" }), "sessionResolver.property"],
  ["no name", () => customResolver({ name: " ", find: () => null }), "customResolver.name"],
  ["no function", () => customResolver({ name: "a", find: 1 as never }), "customResolver.find"],
  [
    "no domain",
    () => domainOrSubdomainResolver({ domain: "Example.com" }),
    "domainOrSubdomainResolver.domain",
  ],
  ["an unknown option", () => headerResolver({ header: "a", x: 1 } as never), "headerResolver.x"],
])("S058: refuses options that cannot be right: %s", (_, create, key) => {
  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(`Option "${key}"`);
});

it("a sealed cookie that names no tenant is refused, and a key ring that fails is heard", () => {
  const ask = (ring: Pick<KeyRing, "decrypt">, value: string) =>
    cookieResolver({ cookie: "tenant", keys: ring }).resolve(
      tenancyRequest({ headers: [["Cookie", `tenant=${value}`]] }),
      centralOf(),
    );
  const away = {
    decrypt(): string {
      throw new RangeError("the key server is away");
    },
  };

  expect(() => ask(keys, sealTenantCookie(keys, "tenant", "a b"))).toThrow(InvalidReferenceError);
  expect(() => ask(away, "v1.a.b")).toThrow("the key server is away");
});

it("says that a session has to be mounted first", () => {
  const request = { ...tenancyRequest(), source: {} };

  const resolve = () => sessionResolver().resolve(request, centralOf());

  expect(resolve).toThrow(ConfigurationError);
  expect(resolve).toThrow("mount the session before the tenancy");
});

describe("a custom resolver", () => {
  it("gives names, whole resolutions or nothing, at once or later", async () => {
    const ask = (found: unknown) =>
      customResolver({ name: "own", by: "slug", find: () => found as never }).resolve(
        tenancyRequest(),
        centralOf(),
      );
    const acme = { kind: "tenant", candidates: [{ by: "slug", value: "acme" }] };

    expect(ask("acme")).toEqual(acme);
    expect(await ask(Promise.resolve("acme"))).toEqual(acme);
    expect(ask({ kind: "central" })).toEqual({ kind: "central" });
    expect(ask(undefined)).toBeUndefined();
    expect(ask(null)).toBeUndefined();
    expect(() => ask("a b")).toThrow('The resolver "own" says "a b"');
    expect(() => ask(7)).toThrow(InvalidReferenceError);
    await expect(ask(Promise.resolve({}))).rejects.toThrow(InvalidReferenceError);
  });

  it.each([
    { kind: "tenant" },
    { kind: "tenant", candidates: "acme" },
    { kind: "tenant", candidates: [null] },
    { kind: "tenant", candidates: [{ by: "slug", value: 7 }] },
    { kind: "tenant", candidates: [], url: 7 },
    { kind: "nobody" },
    { kind: "strict" },
    { kind: "strict", opinions: [{ resolver: "a" }] },
    { kind: "strict", opinions: [{ resolution: { kind: "central" } }] },
    { kind: "strict", opinions: [{ resolver: "a", resolution: { kind: "tenant" } }] },
    { kind: "tenants", candidates: [{ by: "slug", value: "acme" }] },
    { kind: undefined },
  ])("that gives what is no resolution says so: %j", async (found) => {
    const resolver = customResolver({ name: "own", find: () => found as never });
    const later = customResolver({ name: "own", find: async () => found as never });

    const resolve = () => resolver.resolve(tenancyRequest(), centralOf());

    expect(resolve).toThrow(ConfigurationError);
    expect(resolve).toThrow('Option "customResolver.find" is a function ');
    await expect(later.resolve(tenancyRequest(), centralOf())).rejects.toThrow(ConfigurationError);
  });

  it.each<TenantResolution>([
    { kind: "tenant", candidates: [{ by: "slug", value: "acme" }], url: "/notes" },
    { kind: "nobody", reference: { by: "slug", value: "acme" } },
    { kind: "strict", opinions: [{ resolver: "a", resolution: { kind: "central" } }] },
  ])("gives a whole resolution as it is: %j", (found) => {
    const resolver = customResolver({ name: "own", find: () => found });

    expect(resolver.resolve(tenancyRequest(), centralOf())).toBe(found);
  });
});
