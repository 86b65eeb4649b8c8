import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { checkedDomains } from "../src/checked-domains.ts";
import { thrownBy } from "./support/thrown-by.ts";

it("accepts canonical names, in order", () => {
  const names = [
    "acme.example.com",
    "a.b",
    "intranet",
    "x--y.com",
    "xn--bcher-kva.example",
    "1.com",
    "0x7f.1e",
    "*.acme.com",
    "*.shop.acme.com",
    `${"a".repeat(63)}.com`,
    `${"a.".repeat(126)}a`,
  ];

  expect(checkedDomains("domains", names)).toEqual(names);
});

it.each([
  ["ACME.example.com", "acme.example.com"],
  ["acme.example.com.", "acme.example.com"],
  ["acme.example.com:8080", "acme.example.com"],
  ["https://acme.example.com", "acme.example.com"],
  ["https://ACME.example.com:443/path?x#y", "acme.example.com"],
  [" acme.example.com ", "acme.example.com"],
  ["b\u00fccher.example", "xn--bcher-kva.example"],
  ["\uff41cme.example", "acme.example"],
])("F023: says for %j to write %j", async (name, meant) => {
  const thrown = await thrownBy(() => checkedDomains("domains", ["ok.com", name]));

  expect(thrown).toBeInstanceOf(InvalidInputError);
  expect((thrown as Error).message).toBe(
    `"domains[1]" cannot be ${JSON.stringify(name)}: write "${meant}".`,
  );
});

it.each([
  "",
  ".",
  "a..b",
  ".a.com",
  "-a.com",
  "a-.com",
  "a_b.com",
  "a b.com",
  "*",
  "*.com",
  "*.",
  "*a.com",
  "a.*.com",
  "*.*.a.com",
  "*.127.0.0.1",
  "a@b.com",
  "user:secret@b.com",
  "a,b",
  "a.com/",
  "a.com\n",
  "a\0.com",
  `${"a".repeat(64)}.com`,
  `${"a.".repeat(127)}a`,
  "localhost",
  "127.0.0.1",
  "127.1",
  "0x7f.1",
  "2130706433",
  "a.0x",
  "[::1]",
  "::1",
  7,
  null,
  ["a.com"],
])("F021: refuses %j", async (name) => {
  expect(await thrownBy(() => checkedDomains("domains", [name]))).toBeInstanceOf(InvalidInputError);
});

it.each(["localhost", "LocalHost:3000", "http://127.0.0.1/", "127.1", "0x7f.1"])(
  "F024: says for %j that such a host can only be central",
  async (name) => {
    const thrown = await thrownBy(() => checkedDomains("domains", [name]));

    expect((thrown as Error).message).toContain(
      "names a machine and never a tenant: list it in createTenancy({ central }) instead",
    );
  },
);

it("refuses a name that stands in the list twice, and what is no list", async () => {
  const twice = await thrownBy(() => checkedDomains("domains", ["a.com", "b.com", "a.com"]));

  expect((twice as Error).message).toContain('"domains[2]" cannot be "a.com"');
  expect(await thrownBy(() => checkedDomains("domains", "a.com"))).toBeInstanceOf(
    InvalidInputError,
  );
});

it("takes no time over a hostile name", () => {
  const started = performance.now();

  const spaces = " ".repeat(200_000);
  for (const name of ["a".repeat(2_000_000), `${"a.".repeat(999)}!`, `${spaces}a${spaces}b`]) {
    expect(() => checkedDomains("domains", [name])).toThrow(InvalidInputError);
  }

  expect(performance.now() - started).toBeLessThan(500);
});
