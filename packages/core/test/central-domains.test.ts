import { expect, it } from "vitest";
import { centralDomains } from "../src/index.ts";

it("knows its names by byte equality and nothing that looks like them", () => {
  const domains = centralDomains(["example.com", "localhost"]);

  expect(["example.com", "localhost"].map((host) => domains.has(host))).toEqual([true, true]);
  for (const host of ["Example.com", "www.example.com", "example.com.", "evilexample.com", ""]) {
    expect(domains.has(host), host).toBe(false);
  }
  for (const host of ["constructor", "__proto__", "toString"]) {
    expect(domains.has(host), host).toBe(false);
  }
});

it("S005: knows what is one label below a wildcard", () => {
  const domains = centralDomains(["example.com", "*.admin.example.com"]);

  expect(domains.has("eu.admin.example.com")).toBe(true);
  expect(domains.has("example.com")).toBe(true);
  for (const host of [
    "admin.example.com",
    "x.eu.admin.example.com",
    ".admin.example.com",
    "euadmin.example.com",
    "acme.example.com",
    "eu.admin.example.com.evil.com",
    "constructor",
  ]) {
    expect(domains.has(host), host).toBe(false);
  }
});

it("does not change when the list it was made from does", () => {
  const names = ["example.com"];
  const domains = centralDomains(names);

  names.push("acme.example.com");

  expect(domains.names).toEqual(["example.com"]);
  expect(domains.has("acme.example.com")).toBe(false);
  expect(Object.isFrozen(domains.names)).toBe(true);
});
