import { describe, expect, it } from "vitest";
import {
  createTenancy,
  NoTenantContextError,
  type Tenant,
  TenantNotFoundError,
} from "../../src/index.ts";
import {
  acme,
  gate,
  globex,
  initech,
  noting,
  ROWS,
  rowsBootstrapper,
  startTenancy,
} from "./support.ts";

describe("the current tenant", () => {
  it("C004: inside central there is no current tenant", async () => {
    const tenancy = await startTenancy({ bootstrappers: [rowsBootstrapper()] });

    await tenancy.run(acme, () => {
      expect(tenancy.central(() => tenancy.current())).toBeNull();
      expect(() => tenancy.central(() => tenancy.get(ROWS))).toThrow(NoTenantContextError);
    });
  });

  it("C005: central gives the callback's value and then the identical tenant is back", async () => {
    const tenancy = await startTenancy();

    await tenancy.run(acme, () => {
      const value = tenancy.central(() => 42);

      expect(value).toBe(42);
      expect(tenancy.current()).toBe(acme);
    });
  });

  it("C006: central inside central changes nothing", async () => {
    const log: string[] = [];
    const tenancy = await startTenancy({ bootstrappers: [noting("1", log)] });

    const value = tenancy.central(() => tenancy.central(() => tenancy.current()));

    expect(value).toBeNull();
    expect(log).toEqual([]);
  });

  it("C008: an empty list or iterable runs for nobody", async () => {
    const tenancy = await startTenancy();
    const visited: string[] = [];
    const nobody = (async function* (): AsyncGenerator<Tenant> {})();

    const reports = [
      await tenancy.runForEach([], ({ id }) => visited.push(id)),
      await tenancy.runForEach(new Set<string>(), ({ id }) => visited.push(id)),
      await tenancy.runForEach(nobody, ({ id }) => visited.push(id)),
    ];

    expect(visited).toEqual([]);
    expect(reports).toEqual(Array.from({ length: 3 }, () => ({ succeeded: 0, failed: 0 })));
  });

  it("C009: null runs for all tenants and a list of ids for exactly those, each in its own context", async () => {
    const tenancy = await startTenancy();
    const visited: (string | undefined)[] = [];

    await tenancy.runForEach(null, () => visited.push(tenancy.current()?.slug));
    await tenancy.runForEach([initech.id, acme.id], () => visited.push(tenancy.current()?.slug));

    expect(visited).toEqual(["acme", "globex", "initech", "initech", "acme"]);
  });

  it("C010: a lazily executed result of run executes inside that tenant and the outer context is back", async () => {
    const tenancy = await startTenancy();
    const seen: (string | undefined)[] = [];
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: a query builder is a lazy thenable like this one
      then(resolve: (value: string) => void) {
        seen.push(tenancy.current()?.slug);
        resolve("rows");
      },
    };

    const rows = await tenancy.run(acme, () => lazy);
    const generator = await tenancy.run(globex, async function* () {
      yield tenancy.current()?.slug;
      yield tenancy.current()?.slug;
    });
    for await (const slug of generator) {
      seen.push(slug);
      expect(tenancy.current()).toBeNull();
    }

    expect(rows).toBe("rows");
    expect(seen).toEqual(["acme", "globex", "globex"]);
  });

  it("C011: current is the tenant, null in central; currentOrFail and values throw in central", async () => {
    const tenancy = await startTenancy({ bootstrappers: [rowsBootstrapper()] });

    expect(tenancy.current()).toBeNull();
    expect(() => tenancy.currentOrFail()).toThrow(NoTenantContextError);
    expect(() => tenancy.get(ROWS)).toThrow(NoTenantContextError);
    await tenancy.run(acme, (given) => {
      expect(given).toBe(acme);
      expect(tenancy.current()).toBe(acme);
      expect(tenancy.currentOrFail()).toBe(acme);
      expect(tenancy.get(ROWS)).toBeInstanceOf(Map);
    });
  });

  it("C012: a collection of tenants runs a callback for each member in its context", async () => {
    const tenancy = await startTenancy();
    const collection = new Set([globex, acme]);
    const seen: boolean[] = [];

    const report = await tenancy.runForEach(collection, (tenant) =>
      seen.push(tenancy.current() === tenant),
    );

    expect(seen).toEqual([true, true]);
    expect(report).toEqual({ succeeded: 2, failed: 0 });
  });

  it("C013: a custom tenant class that only implements the contract is what current gives", async () => {
    class Shop implements Tenant {
      readonly slug = "shop";
      readonly status = "active";
      readonly version = 1;
      readonly placement = undefined;
      readonly id: string;
      constructor(id: string) {
        this.id = id;
      }
      greet(): string {
        return `Welcome to ${this.slug}`;
      }
    }
    const shop = new Shop("shop-id");
    const store = { find: () => shop, list: async function* () {} };
    const tenancy = createTenancy<Shop>({ store });
    await tenancy.start();

    const greeting = await tenancy.run("shop-id", () => tenancy.currentOrFail().greet());

    expect(greeting).toBe("Welcome to shop");
    expect(tenancy.run(shop, () => tenancy.current())).toBe(shop);
  });

  it("finds by id and by reference and tells an unknown one by a typed error", async () => {
    const tenancy = await startTenancy();

    expect(await tenancy.find(acme.id)).toBe(acme);
    expect(await tenancy.find({ by: "slug", value: "globex" })).toBe(globex);
    expect(await tenancy.find("nobody")).toBeUndefined();
    await expect(tenancy.run("nobody", async () => {})).rejects.toThrow(TenantNotFoundError);
    expect(tenancy.current()).toBeNull();
  });

  it("S001: carries the tenant through awaits, nested and interleaved, and restores on a throw", async () => {
    const tenancy = await startTenancy({ bootstrappers: [rowsBootstrapper()] });
    const [first, second] = [gate(), gate()];

    const a = tenancy.run(acme, async () => {
      tenancy.get(ROWS).set(1, "CANARY_acme_1");
      await first.opened;
      await expect(
        tenancy.run(globex, async () => {
          throw new RangeError("inside");
        }),
      ).rejects.toThrow("inside");
      expect(tenancy.current()).toBe(acme);
      return tenancy.get(ROWS).get(1);
    });
    const b = tenancy.run(globex, async () => {
      tenancy.get(ROWS).set(1, "CANARY_globex_1");
      await second.opened;
      return tenancy.get(ROWS).get(1);
    });
    first.open();
    const rowOfA = await a;
    second.open();

    expect([rowOfA, await b]).toEqual(["CANARY_acme_1", "CANARY_globex_1"]);
  });
});
