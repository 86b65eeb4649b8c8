import { createTenancy, memoryStore, type Tenancy, type TenancyParts } from "@af-tenancy/core";
import { acme, globex } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";

/** A started tenancy over acme and globex, closed when the test is over. */
export async function startTenancy(parts: TenancyParts = {}): Promise<Tenancy> {
  const tenants = [acme(), globex()];
  const domains = new Map(tenants.map(({ slug, id }) => [`${slug}.example.com`, id]));
  const tenancy = createTenancy({ store: memoryStore(tenants, { domains }), ...parts });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return tenancy;
}
