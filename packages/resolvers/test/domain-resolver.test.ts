import { InvalidHostError } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { domainResolver } from "../src/domain-resolver.ts";
import { centralOf, requestTo } from "./requests.ts";

const central = centralOf("example.com", "admin.example.com", "127.0.0.1");

describe("domainResolver", () => {
  const resolver = domainResolver();

  it.each([
    ["C077", "shop.acme.com", "shop.acme.com"],
    ["C077", "globex.com", "globex.com"],
    ["F020", "ACME.Example.com.:8080", "acme.example.com"],
    ["F024", "acme.localhost:3000", "acme.localhost"],
    ["F026", "acme.example.com.evil.com", "acme.example.com.evil.com"],
    ["F026", "evilexample.com", "evilexample.com"],
    ["F026", "x.acme.example.com", "x.acme.example.com"],
    ["F026", "example.com.evil.com", "example.com.evil.com"],
  ])("%s: takes %j for the tenant with the domain %j", (_id, host, value) => {
    expect(resolver.resolve(requestTo(host), central)).toEqual({
      kind: "tenant",
      candidates: [{ by: "domain", value }],
    });
  });

  it.each([
    ["F020", "Example.COM.:3000"],
    ["C077", "admin.example.com"],
    ["F024", "127.0.0.1:3000"],
  ])("%s: takes %j for central", (_id, host) => {
    expect(resolver.resolve(requestTo(host), central)).toEqual({ kind: "central" });
  });

  it.each(["localhost", "[::1]:3000"])("F024: takes %j for central where it is listed", (host) => {
    expect(resolver.resolve(requestTo(host), centralOf("localhost", "[::1]"))).toEqual({
      kind: "central",
    });
  });

  it.each(["localhost:3000", "127.1", "0x7f.1", "2130706433", "10.0.0.1", "[::1]:3000"])(
    "F024: has no opinion about %j",
    (host) => {
      expect(resolver.resolve(requestTo(host), central)).toBeUndefined();
    },
  );

  it("F021: refuses an invalid host", () => {
    expect(() => resolver.resolve(requestTo("a@b"), central)).toThrow(InvalidHostError);
  });
});
