import { expect, expectTypeOf, it } from "vitest";
import { memoryStore, type Tenant } from "../../src/index.ts";

class Shop implements Tenant {
  readonly id: string;
  readonly slug: string;
  readonly status = "active";
  readonly version = 1;
  readonly placement = undefined;
  readonly code: string | undefined;

  constructor(slug: string, code?: string) {
    this.id = `shop-${slug}`;
    this.slug = slug;
    this.code = code;
  }
}

it("C013: gives the application's own tenants, at once", () => {
  const acme = new Shop("acme");
  const store = memoryStore([acme, new Shop("globex")]);

  const found = store.find({ by: "slug", value: "acme" });

  expect(found).toBe(acme);
  expectTypeOf(store.find).returns.resolves.toEqualTypeOf<Shop | undefined>();
});

it("finds by a declared attribute, and by no other", () => {
  const acme = new Shop("acme", "A1");
  const store = memoryStore([acme, new Shop("globex")], { attributes: ["code"] });

  expect(store.find({ by: "code", value: "A1" })).toBe(acme);
  expect(store.find({ by: "code", value: "undefined" })).toBeUndefined();
  expect(store.find({ by: "status", value: "active" })).toBeUndefined();
});

it("finds nothing by a domain whose tenant is not in the list", () => {
  const store = memoryStore([new Shop("acme")], { domains: () => "shop-globex" });

  expect(store.find({ by: "domain", value: "globex.example.com" })).toBeUndefined();
});

it("refuses two tenants that share an id, a slug or a declared attribute", () => {
  const shops = [new Shop("acme", "A1"), new Shop("globex", "A1")];

  expect(() => memoryStore([new Shop("acme"), new Shop("acme")])).toThrow(
    'whose id is "shop-acme"',
  );
  expect(() => memoryStore(shops, { attributes: ["code"] })).toThrow('whose code is "A1"');
  expect(() => memoryStore(shops)).not.toThrow();
});

it("refuses an attribute that would hide the domains", () => {
  const shops = [{ ...new Shop("acme"), domain: "acme.example.com" }];

  expect(() => memoryStore(shops, { attributes: ["domain"] })).toThrow('Option "attributes"');
});

it("is not changed by what happens to the list or the map it was given", () => {
  const shops = [new Shop("acme")];
  const domains = new Map<string, string>();
  const store = memoryStore(shops, { domains });

  shops.push(new Shop("globex"));
  domains.set("acme.example.com", "shop-acme");

  expect(store.find({ by: "slug", value: "globex" })).toBeUndefined();
  expect(store.find({ by: "domain", value: "acme.example.com" })).toBeUndefined();
});
