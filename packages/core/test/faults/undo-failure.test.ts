import { describe, expect, it } from "vitest";
import {
  type FailureEvent,
  manualClock,
  type Tenancy,
  type TenancyParts,
} from "../../src/index.ts";
import { exchange } from "../support/exchange.ts";
import { type NotingOptions, noting } from "../support/noting.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";
import { thrownBy } from "../support/thrown-by.ts";

const count = 3;
const positions = Array.from({ length: count }, (_, k) => k);
const cases = [false, true].flatMap((asynchronous) =>
  [false, true].map((listened) => ({ asynchronous, listened })),
);

describe("an undo fails", () => {
  it.each(cases)(
    "F003: any of n, asynchronous: $asynchronous, with listeners: $listened",
    async ({ asynchronous, listened }) => {
      for (const k of positions) {
        const log: string[] = [];
        const clock = manualClock();
        const tenancy = await startTenancy({ ...noisy(log, [k], asynchronous, listened), clock });

        const { error, around } = await tenancy.run(globex, async () => {
          const error = await thrownBy(() => tenancy.run(acme, () => "done"));
          return { error, around: tenancy.current() };
        });

        expect(error).toBeInstanceOf(AggregateError);
        expect((error as AggregateError).errors).toEqual([new RangeError(`undo ${k}`)]);
        expect(around).toBe(globex);
        expect(undoneIn(log, "acme")).toEqual(["2", "1", "0"]);
        await tenancy.close(); // the clock stands still: it would hang if a scope were still open
      }
    },
  );

  it.each(cases)(
    "F003: after the callback failed its error is the first one, asynchronous: $asynchronous, with listeners: $listened",
    async ({ asynchronous, listened }) => {
      const log: string[] = [];
      const tenancy = await startTenancy(noisy(log, positions, asynchronous, listened));
      const own = new TypeError("the callback's own");

      const thrown = await thrownBy(() =>
        tenancy.run(acme, () => {
          throw own;
        }),
      );
      const rejected = await thrownBy(() => tenancy.run(acme, () => Promise.reject(own)));

      for (const error of [thrown, rejected] as AggregateError[]) {
        expect(error).toBeInstanceOf(AggregateError);
        expect(error.errors[0]).toBe(own);
        expect(error.cause).toBe(own);
        expect(error.errors.slice(1)).toEqual([
          new RangeError("undo 2"),
          new RangeError("undo 1"),
          new RangeError("undo 0"),
        ]);
      }
      expect(tenancy.current()).toBeNull();
    },
  );

  it("F003: in an open scope the tenant is left all the same", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy(noisy(log, [1], false, false));

    await tenancy.scope(async () => {
      await tenancy.initialize(acme);
      const error = await thrownBy(() => tenancy.end());

      expect(error).toBeInstanceOf(AggregateError);
      expect(tenancy.current()).toBeNull();
      expect(undoneIn(log, "acme")).toEqual(["2", "1", "0"]);
      await expect(tenancy.initialize(globex)).resolves.toMatchObject({ tenant: globex });
    });
  });

  it("F003: after a request it is told as a failure with its tenant and origin", async () => {
    const log: string[] = [];
    const failures: FailureEvent[] = [];
    const parts = noisy(log, [1], false, false);
    const tenancy = await startTenancy({
      ...parts,
      hooks: { failure: (failure) => void failures.push(failure) },
    });

    await answer(tenancy);

    expect(undoneIn(log, "acme")).toEqual(["2", "1", "0"]);
    expect(failures).toEqual([
      { error: expect.any(AggregateError), tenantId: acme.id, origin: { requestId: "r1" } },
    ]);
    const [failure] = failures as [FailureEvent];
    expect((failure.error as AggregateError).errors).toEqual([new RangeError("undo 1")]);
  });
});

/** Three bootstrappers of which some cannot be undone in acme. */
function noisy(
  log: string[],
  failing: readonly number[],
  asynchronous: boolean,
  listened: boolean,
): TenancyParts {
  const bootstrappers = positions.map((position) => {
    const options: NotingOptions = {
      asynchronous,
      failing: failing.includes(position) ? "undo" : undefined,
    };
    return noting(String(position), log, options);
  });
  return { bootstrappers, hooks: listened ? { ended: () => {} } : {} };
}

function undoneIn(log: readonly string[], slug: string): (string | undefined)[] {
  return log
    .filter((line) => line.startsWith("undo") && line.endsWith(slug))
    .map((line) => line.split(" ")[1]);
}

async function answer(tenancy: Tenancy): Promise<void> {
  const request = exchange("/acme", () => "done", { origin: { requestId: "r1" } });
  await tenancy.handle(request);
  request.close();
}
