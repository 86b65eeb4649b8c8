import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { drive, type Steps } from "../src/drive.ts";

describe("drive", () => {
  it("gives the result without a promise while nothing has to be awaited", () => {
    const given: unknown[] = [];

    const result = drive(
      (function* (): Steps<string> {
        given.push(yield 1);
        given.push(yield undefined);
        return "done";
      })(),
    );

    expect(result).toBe("done");
    expect(given).toEqual([1, undefined]);
  });

  it("hands back what was awaited, and goes on without waiting where it need not", async () => {
    const given: unknown[] = [];

    const result = drive(
      (function* (): Steps<string> {
        given.push(yield 1);
        given.push(yield tick("two"));
        given.push(yield 3);
        given.push(yield lazy("four"));
        return "done";
      })(),
    );

    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe("done");
    expect(given).toEqual([1, "two", 3, "four"]);
  });

  it("throws into the steps what rejects, which may catch it", async () => {
    const error = new RangeError("rejected");

    const result = await drive(
      (function* (): Steps<unknown> {
        try {
          yield Promise.reject(error);
        } catch (caught) {
          yield tick();
          return caught;
        }
        return "not reached";
      })(),
    );

    expect(result).toBe(error);
  });

  it("throws what the steps throw: at once before the first wait, as a rejection after it", async () => {
    const failing = function* (first: unknown): Steps<never> {
      yield first;
      throw new RangeError("a step fails");
    };

    expect(() => drive(failing(1))).toThrow(new RangeError("a step fails"));
    await expect(drive(failing(tick()))).rejects.toEqual(new RangeError("a step fails"));
  });
});

function lazy(value: string): PromiseLike<string> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: a query builder is a lazy thenable like this one
    then: (resolve) => Promise.resolve(value).then(resolve),
  };
}
