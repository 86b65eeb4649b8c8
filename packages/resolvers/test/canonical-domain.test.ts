import { InvalidInputError } from "@af-tenancy/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalDomain } from "../src/canonical-domain.ts";
import { canonicalHost } from "../src/canonical-host.ts";
import { isMachineHost } from "../src/is-machine-host.ts";
import { requestTo } from "./requests.ts";

describe("canonicalDomain", () => {
  it.each([
    ["C078", "acme.example.com", "acme.example.com"],
    ["C078", "ACME.Example.com", "acme.example.com"],
    ["F020", "acme.example.com.", "acme.example.com"],
    ["F020", "intranet", "intranet"],
    ["F023", "b\u00fccher.example", "xn--bcher-kva.example"],
    ["F023", "B\u00fccher.Example.", "xn--bcher-kva.example"],
    ["F023", "xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["F023", "XN--BCHER-KVA.example", "xn--bcher-kva.example"],
    ["F023", "fa\u00df.example", "xn--fa-hia.example"],
    ["F023", "\u0440\u0444", "xn--p1ai"],
    ["F023", "axn--b.example", "axn--b.example"],
  ])("%s: registers %j as %j", (_id, input, domain) => {
    expect(canonicalDomain(input)).toBe(domain);
  });

  it("F023: flags mixed scripts, unless they are meant", () => {
    const disguised = "p\u0430ypal.com";

    expect(() => canonicalDomain(disguised)).toThrow("it mixes scripts");
    expect(() => canonicalDomain("xn--pypal-4ve.com")).toThrow("it mixes scripts");
    expect(canonicalDomain(disguised, { mixedScripts: true })).toBe("xn--pypal-4ve.com");
  });

  it.each([
    ["F021", "", "is empty"],
    ["F021", " acme.example.com", "letters"],
    ["F021", "acme.example.com\n", "letters"],
    ["F021", "acme_corp.example.com", "letters"],
    ["F021", "a@b.com", "letters"],
    ["F021", "acme.example.com/", "letters"],
    ["F021", "a%2eb.com", "letters"],
    ["F021", "*.example.com", "letters"],
    ["F021", "acme..com", "is empty"],
    ["F021", "-acme.com", "hyphen"],
    ["F021", `${"a".repeat(64)}.com`, "longer than 63"],
    ["F021", `${"\u00fc".repeat(63)}.com`, "longer than 63"],
    ["F021", "acme.example.com:80", "without a port"],
    ["F021", "acme.example.com:x", "no digit"],
    ["F021", "https://acme.example.com", "no digit"],
    ["F023", "\uff41\uff43\uff4d\uff45.example", 'become "acme.example"'],
    ["F023", "ac\u00adme.example", 'become "acme.example"'],
    ["F023", "\u212aelvin.example", 'become "kelvin.example"'],
    ["F023", "B\u00dcCHER.example", 'become "b\u00fccher.example"'],
    ["F023", "bu\u0308cher.example", 'become "b\u00fccher.example"'],
    ["F023", "b\u00fccher\u3002example", 'become "b\u00fccher.example"'],
    ["F023", "b\u00fc\tcher.example", 'become "b\u00fccher.example"'],
    ["F023", "b\u00fccher.example/x", 'become "b\u00fccher.example"'],
    ["F023", "b\u00fccher.xn--p1ai", 'become "b\u00fccher.\u0440\u0444"'],
    ["F023", "\ufb00.example", 'become "ff.example"'],
    ["F023", "b\u00fc cher.example", "no valid international"],
    ["F023", "b\u00fccher.example:80", "no valid international"],
    ["F023", "a\u200db.example", "no valid international"],
    ["F023", "\ud800.example", "no valid international"],
    ["F023", "\u00fc_.example", "letters"],
    ["F023", "xn--acme-.example", "hyphen"],
    ["F023", "xn--a.example", '"xn--"'],
    ["F023", "acme.xn--0", '"xn--"'],
    ["F023", "xn--bcher-2pa.example", '"xn--"'],
    ["F023", "xn--mi7ceg5a.example", '"xn--"'],
    ["F023", "b\u00fccher.xn--a.example", "no valid international"],
    ["F024", "localhost", "machine and never a tenant: list it in createTenancy({ central })"],
    ["F024", "127.0.0.1", "machine"],
    ["F024", "127.1", "machine"],
    ["F024", "0x7F.1", "machine"],
    ["F024", "[::1]", "machine"],
    ["F024", "127.0.0.1:80", "machine"],
  ])("%s: refuses to register %j", (_id, input, reason) => {
    const register = () => canonicalDomain(input);

    expect(register).toThrow(InvalidInputError);
    expect(register).toThrow(reason);
  });

  it("F023: tells what was given, as it was given", () => {
    expect(() => canonicalDomain("ACME..com")).toThrow('"domains" cannot be "ACME..com": a part');
  });

  it("C078: registers what a request for the domain asks for, or throws InvalidInputError", () => {
    const inputs = fc.oneof(
      fc.domain(),
      fc.string({ unit: fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code)) }),
      fc.string({ unit: fc.constantFrom(..."aZ0-.:xn\u00fc\u00dc\u00df\u0440\u0661\u3002/@ ") }),
      fc
        .tuple(fc.constantFrom("xn--", "XN--a-"), fc.string({ unit: letters() }))
        .map((parts) => parts.join("")),
    );

    fc.assert(
      fc.property(inputs, (input) => {
        const domain = domainOrRefusal(input);
        if (domain === undefined) return;

        expect(canonicalHost(requestTo(domain))).toBe(domain);
        expect(canonicalDomain(domain)).toBe(domain);
        expect(isMachineHost(domain)).toBe(false);
      }),
      { numRuns: Math.ceil(100_000 * Number(process.env.AF_TEST_SCALE ?? 0.1)) },
    );
  }, 120_000);
});

function letters(): fc.Arbitrary<string> {
  return fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-");
}

function domainOrRefusal(input: string): string | undefined {
  try {
    return canonicalDomain(input);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}
