import { ConfigurationError } from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { InvalidReferenceError, type PathResolverOptions, pathResolver } from "../src/index.ts";
import { centralOf } from "./requests.ts";

const ask = (options: PathResolverOptions, url: string) =>
  pathResolver(options).resolve(tenancyRequest({ url }), centralOf());
const found = (value: string, url: string, by = "slug") => ({
  kind: "tenant",
  candidates: [{ by, value }],
  url,
});

describe("the path", () => {
  it.each([
    ["/t/acme", "/"],
    ["/t/acme/", "/"],
    ["/t/acme?page=2", "/?page=2"],
    ["/t/acme/notes", "/notes"],
    ["/t/acme/notes?tenant=globex#x", "/notes?tenant=globex#x"],
    ["/t/acme/t/globex", "/t/globex"],
    ["/t/acme//evil.com", "//evil.com"],
    ["http://example.com/t/acme/notes", "/notes"],
  ])("C085: names the tenant, which handlers do not see: %s", (url, seen) => {
    expect(ask({ routes: ["/t/:tenant"] }, url)).toEqual(found("acme", seen));
  });

  it("C085: may be left as it is", () => {
    expect(ask({ routes: ["/t/:tenant"], strip: false }, "/t/acme/notes")).toEqual({
      kind: "tenant",
      candidates: [{ by: "slug", value: "acme" }],
    });
  });

  it("C086: has the tenant at any position, under any name", () => {
    expect(ask({ routes: ["/:tenant"] }, "/acme/notes")).toEqual(found("acme", "/notes"));
    expect(ask({ routes: ["/:region/v1/:tenant"] }, "/eu/v1/acme/notes")).toEqual(
      found("acme", "/notes"),
    );
    expect(ask({ routes: ["/t/:team"], parameter: "team" }, "/t/acme")).toEqual(found("acme", "/"));
  });

  it.each([
    "/",
    "/t",
    "/t/",
    "/t//acme",
    "//t/acme",
    "/T/acme",
    "/tt/acme",
    "/api/t/acme",
    "*",
    "",
    "t/acme",
    "//example.com/t/acme",
  ])("C086: says nothing where no route matches: %s", (url) => {
    expect(ask({ routes: ["/t/:tenant"] }, url)).toBeUndefined();
  });

  it("C087: leaves a parameter of the same name on other routes alone", () => {
    const options = { routes: ["/t/:tenant"] };

    expect(ask(options, "/companies/acme/edit")).toBeUndefined();
  });

  it("C088: is looked up by what the resolver or the route says", () => {
    const options = {
      routes: ["/t/:tenant", "/c/:tenant:code", "/i/:tenant:id"],
      by: "id",
      attributes: ["code"],
    };

    expect(ask(options, "/t/7")).toEqual(found("7", "/", "id"));
    expect(ask(options, "/c/A-17/notes")).toEqual(found("A-17", "/notes", "code"));
    expect(ask(options, "/i/7")).toEqual(found("7", "/", "id"));
  });

  it.each([
    "/t/%61cme",
    "/t/..",
    "/t/%2e%2e/x",
    "/t/acme;x",
    "/t/acme%00",
    "/t/__proto__",
    "/t/constructor",
    "/t/*",
    "/t/'or'1'='1",
    `/t/${"a".repeat(129)}`,
    "/t/\u00e4",
  ])("F029: is refused where it can be no name: %s", (url) => {
    expect(() => ask({ routes: ["/t/:tenant"] }, url)).toThrow(InvalidReferenceError);
  });

  it.each<[string, unknown, string]>([
    [
      "a route without the parameter",
      { routes: ["/t/:tenant", "/notes"] },
      "pathResolver.routes[1]",
    ],
    ["a route with another parameter", { routes: ["/t/:team"] }, "pathResolver.routes[0]"],
    ["the parameter twice", { routes: ["/:tenant/:tenant"] }, "pathResolver.routes[0]"],
    ["no leading slash", { routes: ["t/:tenant"] }, "pathResolver.routes[0]"],
    ["a pattern", { routes: ["/t/:tenant/*"] }, "pathResolver.routes[0]"],
    ["no text", { routes: [/t/] }, "pathResolver.routes[0]"],
    ["no routes", { routes: [] }, "pathResolver.routes"],
    ["no list", { routes: "/t/:tenant" }, "pathResolver.routes"],
    ["another option", { routes: ["/:tenant"], prefix: "/t" }, "pathResolver.prefix"],
    ["a bad name", { routes: ["/:tenant"], by: "a b" }, "pathResolver.by"],
  ])("C086: is refused when the resolver is made: %s", (_, options, key) => {
    const create = () => pathResolver(options as PathResolverOptions);

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`Option "${key}"`);
  });

  it("C088: is refused by an attribute that was not listed", () => {
    const create = () => pathResolver({ routes: ["/c/:tenant:code"] });

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow('list "code" in pathResolver.attributes');
  });
});
