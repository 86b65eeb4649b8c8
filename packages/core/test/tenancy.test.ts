import { describe, expect, expectTypeOf, it } from "vitest";
import {
  ConfigurationError,
  createTenancy,
  InvalidTenantError,
  type MaybePromise,
  memoryStore,
  type Stay,
  type Tenancy,
  type Tenant,
  TenantNotFoundError,
  type TenantOperations,
  type TenantRecord,
  type ValueKey,
  valueKey,
} from "../src/index.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "./support/start-tenancy.ts";
import { acme, globex } from "./support/tenants.ts";
import { thrownBy } from "./support/thrown-by.ts";

describe("run", () => {
  it("gives a promise for an asynchronous callback, and for a synchronous one only where it must", async () => {
    const tenancy = await startTenancy();

    expect(tenancy.run(acme, () => 1)).toBe(1);
    expect(tenancy.run("acme-id", () => 1)).toBeInstanceOf(Promise);
    expectTypeOf(tenancy.run(acme, async () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tenancy.run(acme, () => 1)).toEqualTypeOf<MaybePromise<number>>();
    expectTypeOf(tenancy.run("acme-id", async () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tenancy.run(acme, () => {})).toEqualTypeOf<MaybePromise<void>>();
  });

  it("gives its callback the tenant, of the application's own type", async () => {
    class Customer implements Tenant {
      readonly slug = "own";
      readonly status = "active";
      readonly version = 1;
      readonly placement = undefined;
      readonly id: string;
      constructor(id: string) {
        this.id = id;
      }
      greet() {
        return `Hello ${this.id}`;
      }
    }
    const own = new Customer("own-id");
    const tenancy = createTenancy<Customer>({ store: memoryStore([own]) });
    await tenancy.start();

    const greeting = await tenancy.run("own-id", (tenant) => tenant.greet());

    expect(greeting).toBe("Hello own-id");
    expectTypeOf(tenancy).toEqualTypeOf<Tenancy<Customer>>();
    expectTypeOf(tenancy.current()).toEqualTypeOf<Customer | null>();
    expectTypeOf(tenancy.initialize).returns.toEqualTypeOf<Promise<Stay<Customer>>>();
  });

  it.each([
    ["an id", "globex-id"],
    ["a reference", { by: "slug", value: "globex" }],
    ["a tenant", globex],
  ])("takes %s", async (_, tenant) => {
    const tenancy = await startTenancy();

    expect(await tenancy.run(tenant, ({ slug }) => slug)).toBe("globex");
  });

  it("takes a string for an id only", async () => {
    const tenancy = await startTenancy();

    const error = await thrownBy(() => tenancy.run("globex", () => {}));

    expect(error).toBeInstanceOf(TenantNotFoundError);
    expect((error as Error).message).toContain('id "globex"');
  });

  it.each([undefined, null, "", 42, {}, { id: "" }, { id: 7 }, { by: "slug" }, []])(
    "does not take %o for a tenant",
    async (value) => {
      const tenancy = await startTenancy();
      const entered: string[] = [];

      const error = await thrownBy(() =>
        tenancy.run(value as never, () => entered.push("entered")),
      );

      expect(error).toBeInstanceOf(InvalidTenantError);
      expect(entered).toEqual([]);
    },
  );

  it("never takes a store's null for central", async () => {
    const store = { ...memoryStore([acme]), find: (() => null) as never };
    const tenancy = createTenancy({ store });
    await tenancy.start();
    const entered: unknown[] = [];

    const error = await thrownBy(() => tenancy.run("nobody-id", (tenant) => entered.push(tenant)));

    expect(error).toBeInstanceOf(TenantNotFoundError);
    expect(entered).toEqual([]);
    expect(await tenancy.find("nobody-id")).toBeUndefined();
  });

  it.each(["run", "central", "runForEach", "scope"] as const)(
    "and its like need a callback: %s",
    async (method) => {
      const tenancy = await startTenancy();
      const calls = {
        run: () => tenancy.run(acme, "nothing" as never),
        central: () => tenancy.central(undefined as never),
        runForEach: () => tenancy.runForEach([], null as never),
        scope: () => tenancy.scope(42 as never),
      };

      const error = await thrownBy(calls[method]);

      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).toContain(`${method}(callback)`);
    },
  );
});

describe("the other methods", () => {
  it("central gives what its callback gives", async () => {
    const tenancy = await startTenancy();

    expect(tenancy.central(() => 1)).toBe(1);
    expectTypeOf(tenancy.central(async () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tenancy.central(() => 1)).toEqualTypeOf<MaybePromise<number>>();
  });

  it("scope always gives a promise of the value itself", async () => {
    const tenancy = await startTenancy();

    expect(await tenancy.scope(() => 1)).toBe(1);
    expectTypeOf(tenancy.scope(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tenancy.scope(async () => 1)).toEqualTypeOf<Promise<number>>();
  });

  it("get is typed by its key", async () => {
    const tenancy = await startTenancy();
    const KEY: ValueKey<{ readonly port: number }> = valueKey("settings");

    expectTypeOf(tenancy.get<{ readonly port: number }>)
      .parameter(0)
      .toEqualTypeOf<typeof KEY>();
    expect(() =>
      expectTypeOf(tenancy.get(KEY)).toEqualTypeOf<{ readonly port: number }>(),
    ).toThrow();
  });

  it("tenants says what is missing where there is no provisioning", async () => {
    const tenancy = await startTenancy();

    expect(() => tenancy.tenants).toThrow(ConfigurationError);
    expect(() => tenancy.tenants).toThrow("provisioning()");
  });

  it("tenants is the provisioning that the application has", async () => {
    const provisioning = {
      name: "provisioning",
      create: () => Promise.reject(new RangeError("create")),
      update: () => Promise.reject(new RangeError("update")),
      purge: () => Promise.reject(new RangeError("purge")),
      purgeAll: () => Promise.reject(new RangeError("purgeAll")),
      run: () => Promise.reject(new RangeError("run")),
      repair: () => Promise.reject(new RangeError("repair")),
    } as unknown as TenantOperations;
    const tenancy = await startTenancy({ provisioning });

    expect(tenancy.tenants).toBe(provisioning);
  });

  it("a tenancy without a type of its own has the registry's tenants", async () => {
    const tenancy = await startTenancy();

    expect(await tenancy.find("acme-id")).toBe(acme);
    expectTypeOf(tenancy.currentOrFail).returns.toEqualTypeOf<TenantRecord>();
  });

  it("origin is inherited, and a scope inside may add to it", async () => {
    const tenancy = await startTenancy();

    const seen = await tenancy.run(
      acme,
      () => tenancy.run(globex, () => tenancy.origin(), { reason: "support" }),
      { actor: "jo", requestId: "r1" },
    );

    expect(seen).toEqual({ actor: "jo", requestId: "r1", reason: "support" });
    expect(tenancy.origin()).toEqual({});
  });

  it("origin can be added to by a run of the same tenant, which stays the same stay", async () => {
    const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });

    await tenancy.run(
      acme,
      async () => {
        const owner = tenancy.get(OWNER);
        const inside = await tenancy.run(acme, () => [tenancy.origin(), tenancy.get(OWNER)], {
          reason: "support",
        });

        expect(inside).toEqual([{ actor: "jo", reason: "support" }, owner]);
        expect(inside[1]).toBe(owner);
        expect(tenancy.origin()).toEqual({ actor: "jo" });
      },
      { actor: "jo" },
    );
  });
});
