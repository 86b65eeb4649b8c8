import { describe, expect, it } from "vitest";
import { isIterator } from "../src/bound-iterator.ts";
import {
  ContextEndedError,
  manualClock,
  type Tenancy,
  type TenancyHooks,
  TenantMismatchError,
} from "../src/index.ts";
import { noting } from "./support/noting.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("isIterator", () => {
  it.each([
    ["a generator", numbers(), true],
    ["an async generator", asyncNumbers(), true],
    ["an array's iterator", [1].values(), true],
    ["an array", [1], false],
    ["a map", new Map(), false],
    ["an object with next", { next: () => {} }, false],
    ["an iterable with a property next", { next: 1, [Symbol.iterator]: () => {} }, false],
    ["a string", "text", false],
    ["null", null, false],
    ["undefined", undefined, false],
  ])("tells that %s is one, or is not", (_, value, expected) => {
    expect(isIterator(value)).toBe(expected);
  });
});

describe.each(["a generator", "an async generator"] as const)("%s that run gives", (kind) => {
  const open = async (tenancy: Tenancy, log: string[]) => {
    const make = kind === "a generator" ? noisyNumbers : noisyAsyncNumbers;
    return (await tenancy.run(acme, () => make(tenancy, log))) as AnyGenerator;
  };

  it("runs in the tenant, which is left when it is at its end", async () => {
    const { tenancy, log } = await started();

    const rows = await open(tenancy, log);
    const results = [await rows.next(), await rows.next(), await rows.next(), await rows.next()];

    expect(results.map(({ value, done }) => [value, done])).toEqual([
      ["acme 1", false],
      ["acme 2", false],
      ["acme end", true],
      [undefined, true],
    ]);
    expect(log).toEqual(["bootstrap 1 acme", "finally acme", "undo 1 acme"]);
    expect(tenancy.current()).toBeNull();
    await tenancy.close();
  });

  it("takes sent values, and is left when it is broken off", async () => {
    const { tenancy, log } = await started();

    const rows = await open(tenancy, log);
    await rows.next();
    const echoed = await rows.next("sent");
    const returned = await rows.return("early");

    expect(echoed.value).toBe("acme sent");
    expect(returned).toEqual({ done: true, value: "early" });
    expect(log).toEqual(["bootstrap 1 acme", "finally acme", "undo 1 acme"]);
    await tenancy.close();
  });

  it("is left when it was never begun", async () => {
    const { tenancy, log } = await started();

    await (await open(tenancy, log)).return("unused");

    expect(log).toEqual(["bootstrap 1 acme", "undo 1 acme"]);
    await tenancy.close();
  });

  it.each([
    new RangeError("of the consumer"),
    new TenantMismatchError("Something else", "initech", "hooli"),
  ])("is left when it throws, also %o", async (error) => {
    const { tenancy, log } = await started();

    const rows = await open(tenancy, log);
    await rows.next();
    const thrown = await thrownBy(() => rows.throw(error));

    expect(thrown).toBe(error);
    expect(log).toEqual(["bootstrap 1 acme", "finally acme", "undo 1 acme"]);
    await tenancy.close();
  });

  it("is left once, however often it is asked after its end, and wherever", async () => {
    const { tenancy, log } = await started({ ended: () => void log.push("ended") });

    const rows = await open(tenancy, log);
    await rows.return("early");
    const again = [
      await rows.next(),
      await tenancy.run(globex, () => rows.next()),
      await rows.return("later"),
    ];

    expect(again.map(({ done }) => done)).toEqual([true, true, true]);
    expect(log.filter((line) => line !== "bootstrap 1 globex")).toEqual([
      "bootstrap 1 acme",
      "undo 1 acme",
      "ended",
      "undo 1 globex",
      "ended",
    ]);
  });

  it("says when undoing fails after it", async () => {
    const log: string[] = [];
    const bootstrappers = [noting("1", log, { failing: "undo" })];
    const tenancy = await startTenancy({ bootstrappers });

    const rows = await open(tenancy, log);
    const error = await thrownBy(() => rows.return("early"));

    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([new RangeError("undo 1")]);
  });

  it("is consumed by for await and left by its break", async () => {
    const { tenancy, log } = await started();
    const seen: unknown[] = [];

    for await (const row of await open(tenancy, log)) {
      seen.push(row, tenancy.current());
      break;
    }

    expect(seen).toEqual(["acme 1", null]);
    expect(log).toEqual(["bootstrap 1 acme", "finally acme", "undo 1 acme"]);
  });
});

describe("an iterator that is disposed of", () => {
  it("leaves its tenant", async () => {
    const { tenancy, log } = await started();

    const rows = (await tenancy.run(acme, numbers)) as Generator<number> & Disposable;
    rows[Symbol.dispose]();
    const asyncRows = (await tenancy.run(acme, asyncNumbers)) as AsyncGenerator<number> &
      AsyncDisposable;
    await asyncRows[Symbol.asyncDispose]();

    expect(log.filter((line) => line === "undo 1 acme")).toHaveLength(2);
    await tenancy.close();
  });
});

describe("an iterator tied by bindIterator", () => {
  it("throws after its scope has ended, however often it is asked", async () => {
    const tenancy = await startTenancy();
    const asked: string[] = [];
    const endless = {
      [Symbol.iterator]: () => endless,
      next: () => ({ done: false as const, value: asked.push("asked") }),
    };

    const rows = await tenancy.run(acme, () => {
      const bound = tenancy.bindIterator(endless);
      bound.next();
      return { bound };
    });

    expect(() => rows.bound.next()).toThrow(ContextEndedError);
    expect(() => rows.bound.next()).toThrow(ContextEndedError);
    expect(() => tenancy.run(globex, () => rows.bound.next())).toThrow(TenantMismatchError);
    expect(asked).toEqual(["asked"]);
  });

  it("does not end its scope when it is at its end", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      const rows = [...tenancy.bindIterator(numbers())];

      expect(rows).toEqual([1, 2]);
      expect(tenancy.current()).toBe(acme);
    });
  });

  it("passes iterators without return and throw", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      const bare = { [Symbol.iterator]: () => bare, next: () => ({ done: false, value: 1 }) };
      const bound = tenancy.bindIterator(bare) as unknown as Generator<number>;

      expect(bound.return(7)).toEqual({ done: true, value: 7 });
      expect(() => bound.throw(new RangeError("sent"))).toThrow(new RangeError("sent"));
    });
  });
});

type AnyGenerator = AsyncGenerator<unknown, unknown, unknown>;

/** A tenancy whose close would hang if a scope were still open, because its clock stands still. */
async function started(hooks: TenancyHooks = {}) {
  const log: string[] = [];
  const bootstrappers = [noting("1", log)];
  const tenancy = await startTenancy({ bootstrappers, hooks, clock: manualClock() });
  return { tenancy, log };
}

function* numbers(): Generator<number> {
  yield 1;
  yield 2;
}

async function* asyncNumbers(): AsyncGenerator<number> {
  yield* numbers();
}

function* noisyNumbers(tenancy: Tenancy, log: string[]): Generator<string, string, string> {
  const slug = () => tenancy.current()?.slug;
  try {
    const sent = yield `${slug()} 1`;
    yield `${slug()} ${sent ?? 2}`;
    return `${slug()} end`;
  } finally {
    log.push(`finally ${slug()}`);
  }
}

async function* noisyAsyncNumbers(
  tenancy: Tenancy,
  log: string[],
): AsyncGenerator<string, string, string> {
  return yield* noisyNumbers(tenancy, log);
}
