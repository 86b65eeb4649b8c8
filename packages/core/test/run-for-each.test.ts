import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ConfigurationError, TenantNotFoundError } from "../src/index.ts";
import { gate } from "./support/gate.ts";
import { startTenancy } from "./support/start-tenancy.ts";
import { acme, globex, tenantRecord } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

const fleet = Array.from({ length: 9 }, (_, i) => tenantRecord({ slug: `tenant-${i}` }));

describe("runForEach", () => {
  it.each([undefined, "acme", 5, {}])("visits nobody when it is given %j", async (tenants) => {
    const tenancy = await startTenancy();
    const visited: string[] = [];

    const error = await thrownBy(() =>
      tenancy.runForEach(tenants as never, ({ id }) => visited.push(id)),
    );

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(visited).toEqual([]);
  });

  it.each([
    { concurrency: undefined, expected: 1 },
    { concurrency: 1, expected: 1 },
    { concurrency: 4, expected: 4 },
    { concurrency: 100, expected: 9 },
  ])(
    "runs $expected at a time with concurrency $concurrency",
    async ({ concurrency, expected }) => {
      const tenancy = await startTenancy();
      const visited: (string | undefined)[] = [];
      let running = 0;
      let most = 0;

      const report = await tenancy.runForEach(
        fleet,
        async () => {
          running++;
          most = Math.max(most, running);
          await tick();
          visited.push(tenancy.current()?.slug);
          running--;
        },
        concurrency === undefined ? {} : { concurrency },
      );

      expect(most).toBe(expected);
      expect(visited.toSorted()).toEqual(fleet.map(({ slug }) => slug));
      expect(report).toEqual({ succeeded: 9, failed: 0 });
    },
  );

  it.each([0, -1, 1.5, 1_001, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses concurrency %s instead of visiting nobody",
    async (concurrency) => {
      const tenancy = await startTenancy();

      const error = await thrownBy(() => tenancy.runForEach(fleet, () => {}, { concurrency }));

      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).toContain(String(concurrency));
    },
  );

  it("stops at the first failure, throws it, and closes its source", async () => {
    const tenancy = await startTenancy();
    const visited: string[] = [];
    const source = { closed: false };
    const failure = new RangeError("the second one fails");

    const error = await thrownBy(() =>
      tenancy.runForEach(listed(source), (tenant) => {
        visited.push(tenant.slug);
        if (visited.length === 2) throw failure;
      }),
    );

    expect(error).toBe(failure);
    expect(visited).toEqual(["tenant-0", "tenant-1"]);
    expect(source.closed).toBe(true);
  });

  it("lets those under way finish when one fails, and throws all that failed", async () => {
    const tenancy = await startTenancy();
    const finished: string[] = [];

    const error = await thrownBy(() =>
      tenancy.runForEach(
        fleet,
        async ({ slug }) => {
          await tick();
          if (slug !== "tenant-1") throw new RangeError(slug);
          finished.push(slug);
        },
        { concurrency: 3 },
      ),
    );

    expect(finished).toEqual(["tenant-1"]);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([
      new RangeError("tenant-0"),
      new RangeError("tenant-2"),
    ]);
  });

  it("does not begin with a tenant that its source gives after another one failed", async () => {
    const tenancy = await startTenancy();
    const failed = gate();
    const visited: string[] = [];
    async function* slowly() {
      yield acme;
      await failed.opened;
      yield globex;
    }

    const error = await thrownBy(() =>
      tenancy.runForEach(
        slowly(),
        ({ slug }) => {
          visited.push(slug);
          setImmediate(failed.open);
          throw new RangeError(slug);
        },
        { concurrency: 2 },
      ),
    );

    expect(error).toEqual(new RangeError("acme"));
    expect(visited).toEqual(["acme"]);
  });

  it("goes on after failures when somebody takes them, and counts them", async () => {
    const tenancy = await startTenancy();
    const failures: unknown[] = [];

    const report = await tenancy.runForEach(
      [acme, "nobody-id", globex],
      ({ slug }) => {
        if (slug === "acme") throw new RangeError("acme fails");
      },
      { onError: (error, tenant) => failures.push([error, tenant]) },
    );

    expect(report).toEqual({ succeeded: 1, failed: 2 });
    expect(failures).toEqual([
      [new RangeError("acme fails"), acme],
      [expect.any(TenantNotFoundError), "nobody-id"],
    ]);
  });

  it("stops when whoever takes failures throws", async () => {
    const tenancy = await startTenancy();
    const visited: string[] = [];
    const enough = new RangeError("enough");

    const error = await thrownBy(() =>
      tenancy.runForEach(
        fleet,
        ({ slug }) => {
          visited.push(slug);
          throw new RangeError(slug);
        },
        {
          onError: () => {
            throw enough;
          },
        },
      ),
    );

    expect(error).toBe(enough);
    expect(visited).toEqual(["tenant-0"]);
  });

  it("takes tenants one by one, so that a list may be endless", async () => {
    const tenancy = await startTenancy();
    let given = 0;
    async function* endless() {
      for (;;) {
        given++;
        yield given % 2 === 0 ? { by: "slug", value: "globex" } : acme.id;
      }
    }
    const seen: string[] = [];

    await thrownBy(() =>
      tenancy.runForEach(endless(), ({ slug }) => {
        seen.push(slug);
        if (seen.length === 3) throw new RangeError("enough");
      }),
    );

    expect(seen).toEqual(["acme", "globex", "acme"]);
    expect(given).toBe(3);
  });

  it("surfaces the failure of its source", async () => {
    const tenancy = await startTenancy();
    async function* broken() {
      yield acme;
      throw new RangeError("the registry is gone");
    }

    const error = await thrownBy(() => tenancy.runForEach(broken(), () => {}));

    expect(error).toEqual(new RangeError("the registry is gone"));
  });

  it("leaves its caller where it is", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, async () => {
      await tenancy.runForEach([globex], () => {});

      expect(tenancy.current()).toBe(acme);
    });
  });
});

function* listed(source: { closed: boolean }) {
  try {
    yield* fleet;
  } finally {
    source.closed = true;
  }
}
