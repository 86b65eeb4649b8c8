import { ConfigurationError, InvalidHostError } from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { type BehindProxyOptions, behindProxy, domainResolver } from "../src/index.ts";
import { centralOf } from "./requests.ts";

const central = centralOf("example.com");
const proxy = "10.0.0.1";
const stranger = "192.0.2.1";

function resolve(
  headers: readonly (readonly [string, string])[],
  {
    header = "X-Forwarded-Host",
    remoteAddress = proxy,
    host = "internal.example.com",
    url = "/",
  }: {
    header?: BehindProxyOptions["header"];
    remoteAddress?: string | undefined;
    host?: string;
    url?: string;
  } = {},
) {
  const resolver = behindProxy(domainResolver(), { peers: ["10.0.0.0/8"], header: header });
  return resolver.resolve(tenancyRequest({ host, url, headers, remoteAddress }), central);
}

const domain = (value: string) => ({ kind: "tenant", candidates: [{ by: "domain", value }] });

describe("the host that a proxy was asked for", () => {
  it("F025: is taken from trusted peers, in canonical form", () => {
    expect(resolve([["X-Forwarded-Host", "ACME.Example.com.:443"]])).toEqual(
      domain("acme.example.com"),
    );
    expect(resolve([["x-forwarded-host", "example.com"]])).toEqual({ kind: "central" });
    expect(
      resolve([["X-Forwarded-Host", "acme.example.com"]], { remoteAddress: "::ffff:10.0.0.1" }),
    ).toEqual(domain("acme.example.com"));
  });

  it.each([
    ["X-Forwarded-Host", "globex.example.com"],
    ["X-Forwarded-Host", "globex.example.com, acme.example.com"],
    ["Forwarded", "host=globex.example.com"],
  ])("F025: is ignored when anybody else sends it: %s", (name, value) => {
    const given = { remoteAddress: stranger, host: "acme.example.com" } as const;

    expect(resolve([[name, value]], given)).toEqual(domain("acme.example.com"));
    expect(resolve([[name, value]], { ...given, header: "Forwarded" })).toEqual(
      domain("acme.example.com"),
    );
  });

  it("F025: is only read from the header that was chosen", () => {
    const both = [
      ["X-Forwarded-Host", "acme.example.com"],
      ["Forwarded", "host=globex.example.com"],
    ] as const;

    expect(resolve(both)).toEqual(domain("acme.example.com"));
    expect(resolve(both, { header: "Forwarded" })).toEqual(domain("globex.example.com"));
  });

  it("is the Host header where the proxy names none", () => {
    expect(resolve([])).toEqual(domain("internal.example.com"));
    expect(resolve([["Forwarded", "for=192.0.2.1;proto=https"]], { header: "Forwarded" })).toEqual(
      domain("internal.example.com"),
    );
  });

  it.each<[string, readonly (readonly [string, string])[]]>([
    ["a list", [["X-Forwarded-Host", "acme.example.com, globex.example.com"]]],
    ["a list without spaces", [["X-Forwarded-Host", "acme.example.com,globex.example.com"]]],
    [
      "two headers",
      [
        ["X-Forwarded-Host", "acme.example.com"],
        ["X-Forwarded-Host", "acme.example.com"],
      ],
    ],
    ["nothing", [["X-Forwarded-Host", ""]]],
    ["an address", [["X-Forwarded-Host", "http://acme.example.com"]]],
    ["a user", [["X-Forwarded-Host", "a@acme.example.com"]]],
    ["full-width letters", [["X-Forwarded-Host", "\uff41cme.example.com"]]],
  ])("F025: is refused with 400 when a trusted peer sends %s", (_, headers) => {
    expect(() => resolve(headers)).toThrow(InvalidHostError);
  });

  it("F022: does not mend a request without exactly one Host header", () => {
    const forwarded = ["X-Forwarded-Host", "acme.example.com"] as const;

    expect(() =>
      behindProxy(domainResolver(), { peers: [proxy] }).resolve(
        tenancyRequest({ host: undefined, headers: [forwarded], remoteAddress: proxy }),
        central,
      ),
    ).toThrow(InvalidHostError);
    expect(() => resolve([forwarded, ["Host", "b.example.com"]])).toThrow(InvalidHostError);
    expect(() => resolve([forwarded], { url: "http://globex.example.com/" })).toThrow(
      InvalidHostError,
    );
  });
});

describe("the header Forwarded", () => {
  it.each([
    ["host=acme.example.com", "acme.example.com"],
    ["for=192.0.2.1;host=acme.example.com;proto=https", "acme.example.com"],
    ["For=192.0.2.1 ; HOST=ACME.example.com:8443", "acme.example.com"],
    ['for="[2001:db8::1]:4711";host="acme.example.com:443"', "acme.example.com"],
    ['host="acme\\.example.com"', "acme.example.com"],
    ['for="a, b";host=acme.example.com', "acme.example.com"],
  ])("F025: names a host: %s", (value, host) => {
    expect(resolve([["Forwarded", value]], { header: "Forwarded" })).toEqual(domain(host));
  });

  it.each([
    ["host=acme.example.com, host=globex.example.com"],
    ["host=acme.example.com, for=192.0.2.1"],
    ["for=192.0.2.1, host=acme.example.com"],
    ["host=acme.example.com;host=acme.example.com"],
    ["host=acme.example.com;"],
    ["host"],
    ["host="],
    [""],
    ['host=""'],
    ['host="acme.example.com'],
    ["host=acme.example.com globex"],
    ["host=acme/..;for=a"],
    [",host=acme.example.com"],
    ["\u00e4=1;host=acme.example.com"],
  ])("F025: is refused with 400: %j", (value) => {
    expect(() => resolve([["Forwarded", value]], { header: "Forwarded" })).toThrow(
      InvalidHostError,
    );
  });
});

it.each<[string, unknown, string]>([
  ["no peers", {}, "behindProxy.peers"],
  ["another header", { peers: ["::1"], header: "X-Host" }, "behindProxy.header"],
  ["another option", { peers: ["::1"], trust: 1 }, "behindProxy.trust"],
])("refuses options that cannot be right: %s", (_, options, key) => {
  const wrap = () => behindProxy(domainResolver(), options as BehindProxyOptions);

  expect(wrap).toThrow(ConfigurationError);
  expect(wrap).toThrow(`Option "${key}"`);
});
