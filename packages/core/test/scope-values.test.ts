import { describe, expect, it } from "vitest";
import {
  type GetValue,
  ValueCycleError,
  ValueExistsError,
  type ValueKey,
  ValueMissingError,
  valueKey,
} from "../src/index.ts";
import { ScopeValues } from "../src/scope-values.ts";
import type { UndoStep } from "../src/undo-step.ts";

const A: ValueKey<string> = valueKey("a");
const B: ValueKey<string> = valueKey("b");
const C: ValueKey<string> = valueKey("c");

describe("a value", () => {
  it("is created when it is first asked for, and only once", () => {
    const created: string[] = [];
    const values = valuesOf({ a: () => note(created, "a") });

    expect(created).toEqual([]);
    expect(read(values, A)).toBe("a");
    expect(read(values, A)).toBe("a");
    expect(created).toEqual(["a"]);
  });

  it("may be undefined and is still created only once", () => {
    const created: string[] = [];
    const nothing: ValueKey<undefined> = valueKey("nothing");
    const values = new ScopeValues();
    values.provide(nothing, () => void created.push("a"), undefined);

    read(values, nothing);
    read(values, nothing);

    expect(created).toEqual(["a"]);
  });

  it("is tried again after its creation threw", () => {
    let attempts = 0;
    const values = valuesOf({
      a: () => {
        attempts++;
        if (attempts === 1) throw new RangeError("not yet");
        return "a";
      },
    });

    expect(() => read(values, A)).toThrow(new RangeError("not yet"));
    expect(values.has(A)).toBe(false);
    expect(read(values, A)).toBe("a");
  });

  it("can be made from other values", () => {
    const values = valuesOf({ a: (get) => `a of ${get(B)}`, b: (get) => `b of ${get(C)}`, c: "c" });

    expect(read(values, A)).toBe("a of b of c");
  });

  it("is there once it was created and gone once its disposal began", async () => {
    const values = new ScopeValues();
    const seen: boolean[] = [];
    values.provide(
      A,
      () => "a",
      () => void seen.push(values.has(A)),
    );

    expect(values.has(A)).toBe(false);
    read(values, A);
    expect(values.has(A)).toBe(true);
    for (const dispose of stepsOf(values)) await dispose();

    expect(seen).toEqual([false]);
    expect(values.has(A)).toBe(false);
  });
});

describe("a mistake", () => {
  it("is providing a key twice", () => {
    const values = valuesOf({ a: "a" });

    expect(() => values.provide(A, () => "other", undefined)).toThrow(ValueExistsError);
    expect(read(values, A)).toBe("a");
  });

  it("is asking for what nobody provides, also by another key of the same name", () => {
    const values = valuesOf({ a: "a" });

    expect(() => read(values, B)).toThrow(ValueMissingError);
    expect(() => read(values, valueKey("a"))).toThrow(ValueMissingError);
  });

  it("is a circle, which is named with its path and nothing before it", () => {
    const values = valuesOf({ a: (get) => get(B), b: (get) => get(C), c: (get) => get(B) });

    expect(() => read(values, A)).toThrow(ValueCycleError);
    expect(() => read(values, A)).toThrow("b -> c -> b");
    expect(() => read(values, A)).not.toThrow("a -> b");
    expect(() => read(values, C)).toThrow("c -> b -> c"); // nothing is left half created
  });

  it("is a value that needs itself", () => {
    const values = valuesOf({ a: (get) => get(A) });

    expect(() => read(values, A)).toThrow("a -> a");
  });
});

describe("disposals", () => {
  it("concern what was created, the last one first", async () => {
    const log: string[] = [];
    const values = new ScopeValues();
    for (const [key, name] of [
      [A, "a"],
      [B, "b"],
      [C, "c"],
    ] as const) {
      values.provide(
        key,
        () => name,
        (value) => void log.push(value),
      );
    }

    read(values, C);
    read(values, A);
    for (const dispose of stepsOf(values)) await dispose();

    expect(log).toEqual(["a", "c"]);
  });

  it("put what was needed after what needed it", async () => {
    const log: string[] = [];
    const dispose = (value: string) => void log.push(value);
    const values = new ScopeValues();
    values.provide(A, (get) => `a of ${get(B)}`, dispose);
    values.provide(B, () => "b", dispose);

    read(values, A);
    for (const step of stepsOf(values)) await step();

    expect(log).toEqual(["a of b", "b"]);
  });

  it("are given once", () => {
    const values = valuesOf({ a: "a" });
    read(values, A);

    expect(stepsOf(values)).toHaveLength(1);
    expect(values.disposals()).toBeUndefined();
  });

  it("leave a value that has none alone", () => {
    const values = valuesOf({ a: "a" });
    read(values, A);

    expect(stepsOf(values)[0]?.()).toBeUndefined();
  });

  it("come before what else is to be taken back", () => {
    const values = valuesOf({ a: "a" });
    const undo: UndoStep = { run: () => {}, next: undefined };
    read(values, A);

    expect(values.disposals(undo)).toEqual({ run: expect.any(Function), next: undo });
    expect(values.disposals(undo)).toBe(undo);
  });
});

function stepsOf(values: ScopeValues): UndoStep["run"][] {
  const steps: UndoStep["run"][] = [];
  for (let step = values.disposals(); step !== undefined; step = step.next) steps.push(step.run);
  return steps;
}

type Creator = string | ((get: GetValue) => string);

function valuesOf(creators: { a?: Creator; b?: Creator; c?: Creator }): ScopeValues {
  const values = new ScopeValues();
  for (const [name, key] of Object.entries({ a: A, b: B, c: C })) {
    const creator = creators[name as keyof typeof creators];
    if (creator === undefined) continue;
    values.provide(key, typeof creator === "string" ? () => creator : creator, undefined);
  }
  return values;
}

function note(created: string[], name: string): string {
  created.push(name);
  return name;
}

/** Reads a value as the scope that the values belong to does. */
function read<V>(values: ScopeValues, key: ValueKey<V>): V {
  const scope = { get: <W>(other: ValueKey<W>): W => read(values, other) };
  return values.get(key, scope as Parameters<ScopeValues["get"]>[1]);
}
