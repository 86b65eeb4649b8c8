import { InvalidInputError, type NewTenant } from "@af-tenancy/core";
import { describe, expect, it } from "vitest";
import { validateNewTenant } from "../src/validate-new-tenant.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("validateNewTenant", () => {
  it("gives a copy of all that was said and of nothing else", () => {
    const input: NewTenant = {
      slug: "acme",
      id: "Acme_1-x",
      name: "Äcme \u{1F680}",
      domains: ["acme.example.com"],
      plan: "gold",
      metadata: { a: [1, { b: null }] },
      placement: { driver: "sqlite", strategy: "database", server: "eu", name: "x", secret: "v" },
      idempotencyKey: "key-1",
    };

    const tenant = validateNewTenant(input);

    expect(tenant).toEqual(input);
    expect(tenant).not.toBe(input);
    expect(tenant.metadata).not.toBe(input.metadata);
    expect(Object.isFrozen(tenant.domains)).toBe(true);
    expect(Object.isFrozen(tenant.placement)).toBe(true);
    expect(validateNewTenant({ slug: "a", id: undefined, plan: undefined })).toEqual({ slug: "a" });
  });

  it.each(["a", "0", "a-b", "a--b", "1a", "x".repeat(63)])("accepts the slug %j", (slug) => {
    expect(validateNewTenant({ slug }).slug).toBe(slug);
  });

  it.each([
    undefined,
    null,
    7,
    ["acme"],
    { toString: () => "acme" },
    "",
    "-a",
    "a-",
    "-",
    "A",
    "a_b",
    "a.b",
    "a b",
    "a\n",
    "ä",
    "\uff41",
    "a\0",
    "x".repeat(64),
    "__proto__",
  ])("F030: refuses the slug %j", async (slug) => {
    const thrown = await thrownBy(() => validateNewTenant({ slug }));

    expect(thrown).toBeInstanceOf(InvalidInputError);
    expect((thrown as Error).message).toMatch(/^"slug" cannot be /);
  });

  it.each([
    ["id", "", "a/b", "a.b", "ä", "x".repeat(65), 7, "../x", "a\n"],
    ["name", "", "   ", "a\0b", "a\nb", "\ud800", "x".repeat(201), 7, "\u007f"],
    ["plan", "", "a\tb", "x".repeat(101), {}],
    ["idempotencyKey", "", "a b", "ä", "x".repeat(201), 7],
    ["metadata", null, "text", 7, [], { at: new Date(0) }, { n: Number.NaN }],
    ["placement", null, "sqlite", [], { generation: 3 }, { strategy: "shared" }, { name: "" }],
    [
      "domains",
      "acme.com",
      null,
      { 0: "acme.com", length: 1 },
      Array.from({ length: 101 }, (_, index) => `a${index}.com`),
    ],
  ])("refuses a bad %s", async (field, ...values) => {
    for (const value of values) {
      const thrown = await thrownBy(() => validateNewTenant({ slug: "acme", [field]: value }));

      expect(thrown, JSON.stringify(value)).toBeInstanceOf(InvalidInputError);
      expect((thrown as Error).message).toContain(`"${field}`);
    }
  });

  it("refuses a field that there is not, so that a misspelt one is not overlooked", async () => {
    const thrown = await thrownBy(() => validateNewTenant({ slug: "acme", domain: "acme.com" }));

    expect(thrown).toMatchObject({ code: "INVALID_INPUT" });
    expect((thrown as Error).message).toContain('"domain": there is no such field, only slug');
  });

  it.each([[null], ["acme"], [["acme"]], [undefined], [7]])(
    "refuses the input %j",
    async (input) => {
      expect(await thrownBy(() => validateNewTenant(input))).toBeInstanceOf(InvalidInputError);
    },
  );

  it("takes nothing from a prototype, and no key that would become one", async () => {
    const inherited = Object.create({ slug: "acme" });
    const hidden = JSON.parse('{"slug":"acme","__proto__":{"plan":"gold"}}');
    const deep = JSON.parse('{"slug":"acme","metadata":{"a":{"__proto__":{"admin":true}}}}');

    for (const input of [inherited, hidden, deep]) {
      expect(await thrownBy(() => validateNewTenant(input))).toBeInstanceOf(InvalidInputError);
    }
    const { metadata } = validateNewTenant({ slug: "acme", metadata: { constructor: "x" } });
    expect(metadata).toEqual({ constructor: "x" });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("shows no more of a bad value than a log can bear", async () => {
    const thrown = await thrownBy(() => validateNewTenant({ slug: "X".repeat(1_000_000) }));

    expect((thrown as Error).message.length).toBeLessThan(300);
  });
});
