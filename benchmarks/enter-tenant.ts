import { AsyncLocalStorage } from "node:async_hooks";
import {
  createTenancy,
  memoryStore,
  type TenancyBootstrapper,
  type Tenant,
  valueKey,
} from "@af-tenancy/core";
import { compare } from "./compare.ts";
import { report } from "./report.ts";

// Promise: entering and leaving a warm tenant with 0 / 5 bootstrappers costs at most 1.5x / 2.5x of
// `await als.run(store, asyncFn)`.
const acme: Tenant = {
  id: "acme",
  slug: "acme",
  status: "active",
  version: 1,
  placement: undefined,
};
const storage = new AsyncLocalStorage<object>();
const store = { tenant: acme };

async function work(): Promise<void> {}

async function bare(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await storage.run(store, work);
}

for (const count of [0, 5]) {
  const tenancy = createTenancy({
    store: memoryStore([acme]),
    bootstrappers: bootstrappers(count),
  });
  await tenancy.start();
  const entered = async (times: number) => {
    for (let i = 0; i < times; i++) await tenancy.run(acme, work);
  };
  const result = await compare({ ours: entered, baseline: bare, times: 20_000 });
  report({ name: `enter-tenant/${count}`, ...result, unit: "ns" });
  await tenancy.close();
}

/** Each provides one lazy value and returns an undo, as a real one does. */
function bootstrappers(count: number): TenancyBootstrapper[] {
  return Array.from({ length: count }, (_, i) => {
    const key = valueKey<object>(`value ${i}`);
    return {
      name: `bootstrapper ${i}`,
      bootstrap(scope) {
        scope.provide(key, () => ({ tenant: scope.tenant }));
        return () => {};
      },
    };
  });
}
