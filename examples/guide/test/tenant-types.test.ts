import {
  createTenancy,
  type Events,
  memoryStore,
  type RunForEachReport,
  type Stay,
  type Tenancy,
  type Tenant,
  type TenantDomain,
  type TenantRecord,
  type TenantStore,
} from "@af-tenancy/core";
import { expect, expectTypeOf, it, onTestFinished } from "vitest";
import { startFleet } from "./start-fleet.ts";

// #region metadata
declare module "@af-tenancy/core" {
  interface TenantMetadata {
    readonly seats?: number;
  }
}
// #endregion

it("S028: knows the types of what the application keeps about a tenant", async () => {
  const { tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({
    slug: "acme",
    metadata: { seats: 5, theme: "dark" },
  });

  const seats = await tenancy.run(acme, ({ metadata }) => metadata.seats);

  expect(seats).toBe(5);
  expectTypeOf(seats).toEqualTypeOf<number | undefined>();
  // @ts-expect-error what the application has declared is checked
  const wrong = () => tenancy.tenants.create({ slug: "globex", metadata: { seats: "five" } });
  expectTypeOf(wrong).returns.resolves.toEqualTypeOf<TenantRecord>();
});

it("S028: reads a tenant's domains, and finds the tenant of one", async () => {
  const { tenancy } = await startFleet();
  await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com", "acme.test"] });

  // #region domains
  const domains = await tenancy.tenants.domains({ by: "slug", value: "acme" });
  const [primary] = domains; // { name: "acme.example.com", primary: true, verifiedAt: 1770854400000 }
  const owner = await tenancy.find({ by: "domain", value: "acme.test" }); // owner.slug is "acme"
  // #endregion

  expect(primary).toMatchObject({ name: "acme.example.com", primary: true });
  expect(owner?.slug).toBe("acme");
  expectTypeOf(domains).toEqualTypeOf<readonly TenantDomain[]>();
  expectTypeOf(owner).toEqualTypeOf<TenantRecord | undefined>();
});

it("S028: gives tenants of the application's own class wherever it gives one", async () => {
  // #region own-class
  class Shop implements Tenant {
    readonly status = "active";
    readonly version = 1;
    readonly placement = undefined;
    readonly id: string;
    readonly slug: string;

    constructor(slug: string) {
      this.id = `shop-${slug}`;
      this.slug = slug;
    }

    get greeting(): string {
      return `Welcome to ${this.slug}`;
    }
  }

  const store = memoryStore([new Shop("acme"), new Shop("globex")]); // or a TenantStore<Shop> of your own
  const tenancy = createTenancy({ store });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());

  // #region own-class-use
  const greeting = await tenancy.run({ by: "slug", value: "acme" }, (shop) => shop.greeting);
  // #endregion

  expect(greeting).toBe("Welcome to acme");
  expectTypeOf(tenancy).toEqualTypeOf<Tenancy<Shop>>();
  expectTypeOf(tenancy.store).toEqualTypeOf<TenantStore<Shop>>();
  expectTypeOf(tenancy.events).toEqualTypeOf<Events<Shop>>();
  expectTypeOf(tenancy.currentOrFail).returns.toEqualTypeOf<Shop>();
  expectTypeOf(tenancy.current).returns.toEqualTypeOf<Shop | null>();
  expectTypeOf(tenancy.find).returns.resolves.toEqualTypeOf<Shop | undefined>();
  expectTypeOf(tenancy.initialize).returns.resolves.toEqualTypeOf<Stay<Shop>>();
  const all = tenancy.runForEach(null, (shop) => expectTypeOf(shop).toEqualTypeOf<Shop>());
  expectTypeOf(all).toEqualTypeOf<Promise<RunForEachReport>>();
  expect((await all).failed).toBe(0);
  tenancy.events.on("initialized", ({ tenant }) => {
    expectTypeOf(tenant).toEqualTypeOf<Shop>();
  });
});
