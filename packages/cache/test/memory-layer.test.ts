import { acme, globex } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { MemoryLayer } from "../src/layers/memory-layer.ts";

const domain = (value: string) => ({ by: "domain", value }) as const;
const slug = (value: string) => ({ by: "slug", value }) as const;

it("serves nobody by a reference to a tenant that had to go", () => {
  const memory = new MemoryLayer(1, 1);
  memory.put(domain("acme.test"), reading(acme()));
  memory.put(domain("globex.test"), reading(globex()));

  expect(memory.find(domain("acme.test"))).toBeUndefined();
  expect(memory.find(domain("globex.test"))?.tenant).toEqual(globex());
});

it("keeps the newer version, and gives it to whoever brings an older one", () => {
  const memory = new MemoryLayer(10, 10);
  const newer = acme({ version: 2 });
  memory.put(slug("acme"), reading(newer));

  const put = memory.put(domain("acme.test"), reading(acme({ version: 1 })));

  expect(put.tenant).toBe(newer);
  expect(memory.find(domain("acme.test"))?.tenant).toBe(newer);
  expect(memory.find(slug("acme"))?.tenant).toBe(newer);
});

it("renews a tenant without losing what leads to it", () => {
  const memory = new MemoryLayer(10, 10);
  memory.put(slug("acme"), reading(acme()));
  memory.put(domain("acme.test"), reading(acme({ plan: "large" })));

  expect(memory.find(slug("acme"))?.tenant.plan).toBe("large");
});

it("drops what was read before a change, and not what was read after it", () => {
  const memory = new MemoryLayer(10, 10);
  memory.put(slug("acme"), reading(acme(), 5));
  memory.put(slug("globex"), reading(globex(), 5));

  memory.drop(acme().id, 5, []);
  memory.drop(globex().id, 6, []);

  expect(memory.find(slug("acme"))?.tenant).toEqual(acme());
  expect(memory.find(slug("globex"))).toBeUndefined();
});

function reading(tenant: ReturnType<typeof acme>, asOf = 1) {
  return { tenant, asOf, changedAt: 0, knownAt: 0, refreshAt: 0, expiresAt: 0 };
}
