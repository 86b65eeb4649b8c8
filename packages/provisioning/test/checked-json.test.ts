import { InvalidInputError, type JsonValue } from "@af-tenancy/core";
import { testScale } from "@af-tenancy/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../src/canonical-json.ts";
import { checkedJson, checkedJsonObject } from "../src/checked-json.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("checkedJson", () => {
  it("gives what JSON gives back, for whatever JSON can hold", { timeout: 60_000 }, () => {
    const code = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10_ffff }));
    const stringUnit = code.map((one) => String.fromCodePoint(one));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3, stringUnit }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("\\u0000") && !text.includes("__proto__"));

        const copy = checkedJson("input", value);

        expect(JSON.stringify(copy)).toBe(text);
        expect(canonicalJson(copy)).toBe(canonicalJson(JSON.parse(text) as JsonValue));
      }),
      { numRuns: Math.ceil(2_000 * testScale()) },
    );
  });

  it("gives a copy that nobody can change", () => {
    const value = { list: [{ deep: 1 }] };

    const copy = checkedJsonObject("metadata", value);
    value.list.push({ deep: 2 });

    expect(copy).toEqual({ list: [{ deep: 1 }] });
    expect(Object.isFrozen(copy)).toBe(true);
    expect(Object.isFrozen((copy.list as JsonValue[])[0])).toBe(true);
  });

  it("leaves out what is undefined, as JSON does", () => {
    expect(checkedJson("input", { a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it.each([
    ["undefined", undefined],
    ["a hole", [1, Array(2)]],
    ["a function", { f: () => 1 }],
    ["a symbol", Symbol("x")],
    ["a bigint", 1n],
    ["NaN", Number.NaN],
    ["infinity", { a: [Number.POSITIVE_INFINITY] }],
    ["a date", new Date(0)],
    ["a map", { m: new Map() }],
    ["an instance", new (class Foo {})()],
    ["a NUL", { a: "x\0" }],
    ["half a character", ["\ud800"]],
    ["a NUL in a key", { "x\0": 1 }],
    ["a prototype", JSON.parse('[{"__proto__":1}]')],
  ])("refuses %s", async (_what, value) => {
    expect(await thrownBy(() => checkedJson("input", value))).toBeInstanceOf(InvalidInputError);
  });

  it("refuses circles, and what grows beyond measure", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let bomb: unknown = "boom";
    for (let level = 0; level < 30; level += 1) bomb = [bomb, bomb];

    const errors = [
      await thrownBy(() => checkedJson("input", circle)),
      await thrownBy(() => checkedJson("input", bomb)),
      await thrownBy(() => checkedJson("input", Array(10_000).fill(1))),
    ];

    for (const error of errors) expect(error).toBeInstanceOf(InvalidInputError);
    expect(checkedJson("input", Array(9_999).fill(1))).toHaveLength(9_999);
  });
});

describe("canonicalJson", () => {
  it("does not depend on the order of keys, and on nothing else", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: 1 })).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson({ a: "1" })).not.toBe(canonicalJson({ a: 1 }));
  });
});
