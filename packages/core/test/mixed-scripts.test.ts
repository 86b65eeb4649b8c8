import { domainToASCII } from "node:url";
import { describe, expect, it } from "vitest";
import { mixesScripts } from "../src/mixed-scripts.ts";

describe("the scripts of a domain", () => {
  it.each([
    "acme.example.com",
    "b\u00fccher.example",
    "a1-\u00fc.de",
    "\u043f\u0440\u0438\u0432\u0435\u0442.\u0440\u0444",
    "acme.\u0440\u0444",
    "\u03b5\u03bb-1.gr",
    "\u65e5\u672c\u8a9e\u30c6\u30b9\u30c8.jp",
    "\u4e2d\u6587.cn",
    "\ud55c\u56fd\u6f22.kr",
    "\u30e9\u30fc\u30e1\u30f3a.jp",
  ])("F023: are those of one language: %s", (domain) => {
    expect(mixesScripts(domainToASCII(domain))).toBe(false);
  });

  it.each([
    "p\u0430ypal.com",
    "\u0440aypal.com",
    "\u03b1cme.gr",
    "shop.g\u043e\u043egle.com",
    "\u0430\u03b1.com",
    "\u16a0.com",
  ])("F023: are flagged where they are mixed: %s", (domain) => {
    expect(domainToASCII(domain)).toContain("xn--");
    expect(mixesScripts(domainToASCII(domain))).toBe(true);
  });
});
