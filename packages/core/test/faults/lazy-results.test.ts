import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type Tenancy, TenantMismatchError } from "../../src/index.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

describe("a lazy result of acme, consumed in globex", () => {
  it("F010: a generator that run gave throws, and goes on as acme outside globex", async () => {
    const tenancy = await startTenancy();
    const rows = (await tenancy.run(acme, () => twoRows(tenancy))) as Generator<string>;

    expect(rows.next().value).toBe("acme 1");
    expect(() => tenancy.run(globex, () => rows.next())).toThrow(TenantMismatchError);
    expect(() => tenancy.run(globex, () => rows.next())).toThrow(TenantMismatchError);
    expect(tenancy.central(() => rows.next())).toEqual({ done: false, value: "acme 2" });
  });

  it("F010: an async generator that run gave throws, and goes on as acme outside globex", async () => {
    const tenancy = await startTenancy();
    const rows = (await tenancy.run(acme, () => twoAsyncRows(tenancy))) as AsyncGenerator<string>;

    expect((await rows.next()).value).toBe("acme 1");
    for (const _ of [1, 2]) {
      const error = await thrownBy(() => tenancy.run(globex, () => rows.next()));
      expect(error).toBeInstanceOf(TenantMismatchError);
    }
    expect(await rows.next()).toEqual({ done: false, value: "acme 2" });
  });

  it("F010: an iterator tied by bindIterator throws each time", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, async () => {
      const rows = tenancy.bindIterator(twoRows(tenancy));

      expect(() => tenancy.run(globex, () => [...rows])).toThrow(TenantMismatchError);
      expect(() => tenancy.run(globex, () => [...rows])).toThrow(TenantMismatchError);
      expect([...rows]).toEqual(["acme 1", "acme 2"]);
    });
  });

  it("F010: a stream of a bound iterator fails in globex and flows as acme elsewhere", async () => {
    const tenancy = await startTenancy();
    const open = () => tenancy.run(acme, () => twoAsyncRows(tenancy)) as AsyncGenerator<string>;

    const error = await thrownBy(() => tenancy.run(globex, () => collect(Readable.from(open()))));
    const rows = await collect(Readable.from(open()));

    // A stream closes its source when it fails, and may tell of both refusals.
    const errors = error instanceof AggregateError ? error.errors : [error];
    expect(errors[0]).toBeInstanceOf(TenantMismatchError);
    expect(rows).toEqual(["acme 1", "acme 2"]);
  });

  it.each(["sealed", "open"] as const)(
    "C010: a generator of run inside a scope (%s) of the same tenant stays acme's",
    async (kind) => {
      const tenancy = await startTenancy();
      const lazily = () => tenancy.run(acme, () => twoRows(tenancy)) as Generator<string>;
      const inAcme = async (fn: () => void) => {
        if (kind === "sealed") return tenancy.run(acme, async () => fn());
        return tenancy.scope(async () => {
          await tenancy.initialize(acme);
          fn();
        });
      };

      await inAcme(() => {
        const rows = lazily();
        expect(() => tenancy.run(globex, () => [...rows])).toThrow(TenantMismatchError);
        expect([...rows]).toEqual(["acme 1", "acme 2"]);
      });
    },
  );

  it("C010: a lazy thenable of run inside the same tenant executes as acme, wherever it is awaited", async () => {
    const tenancy = await startTenancy();
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: a query builder is a lazy thenable like this one
      then(resolve: (rows: string) => void) {
        resolve(`rows of ${tenancy.current()?.slug}`);
      },
    } as unknown as Promise<string>;

    const rows = await tenancy.run(acme, async () => {
      const lazy = tenancy.run(acme, () => query);
      return tenancy.run(globex, async () => lazy);
    });

    expect(rows).toBe("rows of acme");
  });
});

function* twoRows(tenancy: Tenancy): Generator<string> {
  yield `${tenancy.current()?.slug} 1`;
  yield `${tenancy.current()?.slug} 2`;
}

async function* twoAsyncRows(tenancy: Tenancy): AsyncGenerator<string> {
  yield* twoRows(tenancy);
}

async function collect(stream: Readable): Promise<unknown[]> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
