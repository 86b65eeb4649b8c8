import { InvalidHostError, type TenantResolution } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { byHost } from "../src/by-host.ts";
import { centralOf, requestTo, requestWith } from "./requests.ts";

const central = centralOf("example.com");

function counting() {
  const decided: string[] = [];
  const resolve = byHost((host, { names }): TenantResolution | undefined => {
    decided.push(host);
    if (host === "silent.example.com") return undefined;
    if (names.includes(host)) return { kind: "central" };
    return { kind: "tenant", candidates: [{ by: "domain", value: host }] };
  });
  return { decided, resolve };
}

describe("byHost", () => {
  it("decides about a header once", () => {
    const { decided, resolve } = counting();

    const first = resolve(requestTo("acme.example.com"), central);
    const other = resolve(requestTo("globex.example.com"), central);

    expect(resolve(requestTo("acme.example.com", "/other"), central)).toBe(first);
    expect(resolve(requestTo("globex.example.com"), central)).toBe(other);
    expect(first).toMatchObject({ candidates: [{ value: "acme.example.com" }] });
    expect(other).toMatchObject({ candidates: [{ value: "globex.example.com" }] });
    expect(decided).toEqual(["acme.example.com", "globex.example.com"]);
  });

  it("gives what nobody can change for the next request", () => {
    const { resolve } = counting();
    const resolution = resolve(requestTo("acme.example.com"), central);

    expect(resolution).toSatisfy(Object.isFrozen);
    const { candidates } = resolution as Extract<TenantResolution, { kind: "tenant" }>;
    expect([candidates, ...candidates]).toSatisfy((parts: object[]) =>
      parts.every(Object.isFrozen),
    );
  });

  it("decides again for other central domains", () => {
    const { resolve } = counting();
    const request = requestTo("shop.acme.com");
    const tenant = resolve(request, central);

    expect(resolve(request, centralOf("shop.acme.com"))).toEqual({ kind: "central" });
    expect(resolve(request, central)).toEqual(tenant);
  });

  it("asks again where it had no opinion", () => {
    const { decided, resolve } = counting();

    resolve(requestTo("silent.example.com"), central);
    resolve(requestTo("silent.example.com"), central);

    expect(decided).toHaveLength(2);
  });

  it("F033: forgets what a flood of hosts made it remember", () => {
    const { decided, resolve } = counting();
    resolve(requestTo("acme.example.com"), central);
    for (let host = 0; host < 5_000; host++) resolve(requestTo(`h${host}.example.com`), central);

    resolve(requestTo("acme.example.com"), central);

    expect(decided).toHaveLength(5_002);
  });

  it.each([
    ["a target that names another host", () => requestTo("acme.example.com", "http://evil.com/")],
    [
      "a second header",
      () => requestWith(["Host", "acme.example.com", "Host", "acme.example.com"]),
    ],
  ])("F022: refuses %s although the header is known", (_what, request) => {
    const { resolve } = counting();
    resolve(requestTo("acme.example.com"), central);

    expect(() => resolve(request(), central)).toThrow(InvalidHostError);
  });
});
