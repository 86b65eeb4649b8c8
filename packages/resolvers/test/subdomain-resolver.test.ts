import { ConfigurationError, InvalidHostError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { subdomainResolver } from "../src/subdomain-resolver.ts";
import { centralOf, requestTo } from "./requests.ts";

const central = centralOf("example.com", "admin.example.com");

describe("subdomainResolver", () => {
  const resolver = subdomainResolver({ domain: "example.com" });

  it.each([
    ["C080", "acme.example.com", "acme"],
    ["C080", "globex.example.com", "globex"],
    ["C082", "x.example.com", "x"],
    ["F020", "ACME.Example.com.:8080", "acme"],
    ["F026", "example.example.com", "example"],
  ])("%s: takes %j for the tenant with the slug %j", (_id, host, value) => {
    expect(resolver.resolve(requestTo(host), central)).toEqual({
      kind: "tenant",
      candidates: [{ by: "slug", value }],
    });
  });

  it.each([
    ["C082", "example.com"],
    ["F026", "admin.example.com"],
  ])("%s: takes %j for central", (_id, host) => {
    expect(resolver.resolve(requestTo(host), central)).toEqual({ kind: "central" });
  });

  it.each([
    ["C081", "127.0.0.1"],
    ["C081", "[::1]"],
    ["F024", "localhost"],
  ])("%s: has no opinion about %j", (_id, host) => {
    expect(resolver.resolve(requestTo(host), central)).toBeUndefined();
  });

  it.each([
    ["C081", "shop.acme.com"],
    ["C081", "com"],
    ["C082", "xexample.com"],
    ["F026", "acme.example.com.evil.com"],
    ["F026", "evilexample.com"],
    ["F026", "acme.evilexample.com"],
    ["F026", "x.acme.example.com"],
    ["F026", "x.admin.example.com"],
    ["F026", "acme.example.org"],
  ])("%s: says that %j names nobody", (_id, value) => {
    expect(resolver.resolve(requestTo(value), central)).toEqual({
      kind: "nobody",
      reference: { by: "host", value },
    });
  });

  it("F026: has no opinion about its own domain where that is not central", () => {
    expect(resolver.resolve(requestTo("example.com"), centralOf())).toBeUndefined();
  });

  it("F024: serves tenants under localhost, but never localhost itself", () => {
    const local = subdomainResolver({ domain: "localhost" });

    expect(local.resolve(requestTo("acme.localhost:3000"), central)).toMatchObject({
      candidates: [{ by: "slug", value: "acme" }],
    });
    expect(local.resolve(requestTo("localhost:3000"), central)).toBeUndefined();
  });

  it("F021: refuses an invalid host", () => {
    expect(() => resolver.resolve(requestTo("a@b"), central)).toThrow(InvalidHostError);
  });

  it.each([
    "",
    "Example.com",
    "example.com.",
    ".example.com",
    "*.example.com",
    "example.com:3000",
    "https://example.com",
    "b\u00fccher.example",
    "127.0.0.1",
    "0x7f.1",
    "[::1]",
  ])("F026: refuses the option domain %j at start", (domain) => {
    const create = () => subdomainResolver({ domain });

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`"subdomainResolver.domain" is ${JSON.stringify(domain)}`);
  });

  it.each([
    ["subdomainResolver", undefined],
    ["subdomainResolver", "example.com"],
    ["subdomainResolver.domain", { domain: null }],
    ["subdomainResolver.domain", { domain: true }],
    ["subdomainResolver.domains", { domain: "example.com", domains: [] }],
  ])('refuses a wrong "%s": %j', (key, options) => {
    const create = () => subdomainResolver(options as never);

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`Option "${key}" is `);
  });
});
