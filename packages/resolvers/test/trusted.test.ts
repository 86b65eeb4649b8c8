import {
  ConfigurationError,
  createTenancy,
  memoryStore,
  type TenantResolver,
} from "@af-tenancy/core";
import { tenancyRequest } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import {
  behindProxy,
  cookieResolver,
  customResolver,
  domainResolver,
  firstOf,
  headerResolver,
  originResolver,
  queryResolver,
  strict,
  type TrustOptions,
  trusted,
} from "../src/index.ts";
import { centralOf } from "./requests.ts";
import { keys } from "./secrets.ts";

const header = headerResolver({ header: "X-Tenant" });
const query = queryResolver({ parameter: "tenant" });
const cookie = cookieResolver({ cookie: "tenant" });
const custom = customResolver({ name: "own", find: () => "acme", spoofable: "the path" });
const create = (resolve: TenantResolver) => () =>
  createTenancy({ store: memoryStore([]), resolve });

describe("what anybody can set", () => {
  it.each<[string, TenantResolver, string]>([
    ["a header", header, 'the header "X-Tenant"'],
    ["a query parameter", query, 'the query parameter "tenant"'],
    ["a cookie", cookie, 'the cookie "tenant"'],
    ["what an own resolver says", custom, "the path"],
    ["one of several", firstOf(domainResolver(), header), 'the header "X-Tenant"'],
    [
      "two of several",
      strict(header, domainResolver(), query),
      'the header "X-Tenant" and the query parameter "tenant"',
    ],
    ["one behind a proxy", behindProxy(header, { peers: ["::1"] }), 'the header "X-Tenant"'],
    ["one for an origin", originResolver(custom), "the path"],
    [
      "one beside a trusted one",
      firstOf(trusted(header, { peers: ["::1"] }), query),
      'the query parameter "tenant"',
    ],
  ])("C090: is refused when the tenancy is made: %s", (_, resolver, told) => {
    expect(create(resolver)).toThrow(ConfigurationError);
    expect(create(resolver)).toThrow(`believes ${told}, which anybody can set`);
    expect(create(resolver)).toThrow("trusted(resolver, { peers })");
  });

  it.each<[string, TenantResolver]>([
    ["with peers", trusted(header, { peers: ["10.0.0.0/8"] })],
    ["with a reason", trusted(firstOf(header, query, cookie), { anyone: "it is a test" })],
    ["each for itself", strict(trusted(header, { peers: ["::1"] }), domainResolver())],
    ["where a key opens it", cookieResolver({ cookie: "tenant", keys })],
  ])("C090: is believed once that was decided: %s", (_, resolver) => {
    expect(create(resolver)).not.toThrow();
  });
});

describe("trusted peers", () => {
  const peers = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"];
  const resolver = trusted(header, { peers });
  const from = (remoteAddress: string | undefined) =>
    resolver.resolve(
      tenancyRequest({ headers: [["X-Tenant", "acme"]], remoteAddress }),
      centralOf(),
    );

  it.each([
    "10.0.0.1",
    "10.255.255.255",
    "192.0.2.7",
    "::ffff:10.1.2.3",
    "::ffff:192.0.2.7",
    "2001:db8:1::1",
    "::1",
  ])("are believed: %s", (address) => {
    expect(from(address)).toEqual({ kind: "tenant", candidates: [{ by: "slug", value: "acme" }] });
  });

  it.each([
    undefined,
    "",
    "11.0.0.1",
    "192.0.2.8",
    "::ffff:11.0.0.1",
    "2001:db9::1",
    "::2",
    "fe80::1%eth0",
    "10.0.0.1.evil.com",
    "unix",
  ])("are nobody else: %j", (address) => {
    expect(from("10.0.0.1")).toBeDefined();
    expect(from(address)).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ["no list", { peers: "10.0.0.0/8" }, "trusted.peers"],
    ["an empty list", { peers: [] }, "trusted.peers"],
    ["a host name", { peers: ["proxy.internal"] }, "trusted.peers[0]"],
    ["a bad address", { peers: ["::1", "10.0.0.256"] }, "trusted.peers[1]"],
    ["a network that is too long", { peers: ["10.0.0.0/33"] }, "trusted.peers[0]"],
    ["a network of everybody", { peers: ["0.0.0.0/0"] }, "trusted.peers[0]"],
    ["a network of everybody on IPv6", { peers: ["::/0"] }, "trusted.peers[0]"],
    ["half a network", { peers: ["10.0.0.0/"] }, "trusted.peers[0]"],
    ["a zone", { peers: ["fe80::1%eth0"] }, "trusted.peers[0]"],
    ["a number", { peers: [10] }, "trusted.peers[0]"],
    ["nothing", {}, "trusted"],
    ["both", { peers: ["::1"], anyone: "yes" }, "trusted"],
    ["no reason", { anyone: " " }, "trusted.anyone"],
    ["a flag", { anyone: true }, "trusted.anyone"],
    ["another option", { peers: ["::1"], proxies: ["::1"] }, "trusted.proxies"],
  ])("are refused when the options are wrong: %s", (_, options, key) => {
    const wrap = () => trusted(header, options as TrustOptions);

    expect(wrap).toThrow(ConfigurationError);
    expect(wrap).toThrow(`Option "${key}"`);
  });

  it("have to have a resolver", () => {
    expect(() => trusted({} as TenantResolver, { peers })).toThrow('"trusted" is no resolver');
  });
});
