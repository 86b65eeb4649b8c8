import { describe, expect, it } from "vitest";
import { ConfigurationError, type RouteRule, type TenantResolver } from "../src/index.ts";
import { type RouteChoice, routeChoices } from "../src/route-rules.ts";
import { acme } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const gateway: TenantResolver = { name: "gateway", resolve: () => undefined };
const standard = { mode: "universal", resolver: undefined } as const;

describe("rules for routes", () => {
  const rules: readonly RouteRule[] = [
    { path: "/admin/public" },
    { path: "/admin", mode: "central" },
    { path: "/café", mode: "central" },
    { path: "/Shop/", mode: "tenant" },
    { path: "/internal", resolve: gateway },
  ];

  it.each([
    ["/admin", "central"],
    ["/admin/", "central"],
    ["/admin?x=/notes", "central"],
    ["/admin/public/x", "universal"],
    ["/caf%C3%A9/x", "central"],
    ["/Shop/1", "tenant"],
    ["http://acme.localhost:80/admin#x", "central"],
    ["http://acme.localhost", "universal"],
    ["/administrators", "universal"],
    ["/%zz/admin", "universal"],
    ["*", "universal"],
  ])("choose for %s the mode %s", (url, mode) => {
    expect(choose(rules, url).mode).toBe(mode);
  });

  it.each([
    ["/ADMIN", "central"],
    ["/%61dmin/%ff", "central"],
    ["/admin//public", "central"],
    ["/admin/Public", "central"],
    ["//admin;x", "central"],
    ["/caf%c3%a9", "central"],
    ["/shop", "tenant"],
    ["ftp://acme.localhost/admin", "central"],
    ["http://a;/admin", "central"],
  ])("take the stricter mode where the router decides about %s: %s", (url, mode) => {
    expect(choose(rules, url).mode).toBe(mode);
  });

  it("hold all together where a path may be below more than one", () => {
    const many: readonly RouteRule[] = [
      { path: "/a/b" },
      { path: "/a", mode: "central" },
      { path: "/", mode: "universal" },
    ];

    expect(choose(many, "/A//b").mode).toBe("central"); // an app mounted at /a may take it
    expect(choose(many, "/a/b").mode).toBe("universal");
  });

  it.each(["/internal;x", "/INTERNAL", "/internal%2Fx"])(
    "refuse %s when its tenant is asked for, where the resolver depends on the router",
    async (url) => {
      const { resolver } = choose(rules, url);

      expect(await thrownBy(() => resolver?.resolve(request(url), central))).toMatchObject({
        code: "AMBIGUOUS_PATH",
        status: 400,
        message: expect.stringContaining(JSON.stringify(url)),
      });
    },
  );

  it("refuse what would have to be on both sides", async () => {
    const tenants = { mode: "tenant", resolver: undefined } as const;
    const { resolver } = choose(rules, "/ADMIN", tenants);

    expect(await thrownBy(() => resolver?.resolve(request("/ADMIN"), central))).toMatchObject({
      code: "AMBIGUOUS_PATH",
      message: expect.stringContaining("no rule at all"),
    });
  });

  it.each([
    ["/admin/users", "WRONG_SIDE"],
    ["//Admin", "WRONG_SIDE"],
    ["/admin/PUBLIC", "WRONG_SIDE"],
    ["/internal?x", "AMBIGUOUS_PATH"],
    ["/internal;x", "AMBIGUOUS_PATH"],
    ["/admin/public", undefined],
    ["/Shop", undefined],
    ["/notes", undefined],
  ])("say of the path %s without its tenant: %s", async (url, code) => {
    const { checkRewritten } = routeChoices(rules, standard);

    const refusal = await thrownBy(() => checkRewritten?.(url, acme, undefined));

    expect((refusal as { code?: string } | undefined)?.code).toBe(code);
  });

  it("are content with a path without its tenant where the resolver was the same", () => {
    const { checkRewritten } = routeChoices(rules, standard);

    expect(checkRewritten?.("/internal", acme, gateway)).toBeUndefined();
  });

  it("cost nothing where there are none", () => {
    const { choiceOf, checkRewritten } = routeChoices(undefined, standard);

    expect(choiceOf(request("/ADMIN"))).toBe(standard);
    expect(checkRewritten).toBeUndefined();
  });

  it("S058: have no path that no request can have", () => {
    const broken = [{ path: "/\ud800" }];

    expect(() => routeChoices(broken, standard)).toThrow(ConfigurationError);
  });
});

const central = { names: [], has: () => false };

function choose(
  rules: readonly RouteRule[],
  url: string,
  otherwise: RouteChoice = standard,
): RouteChoice {
  return routeChoices(rules, otherwise).choiceOf(request(url));
}

function request(url: string) {
  return { method: "GET", url, rawHeaders: [], remoteAddress: undefined, source: undefined };
}
