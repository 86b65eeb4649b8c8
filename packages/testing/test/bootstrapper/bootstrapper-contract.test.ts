import { createTenancy, memoryStore, type TenancyBootstrapper, valueKey } from "@af-tenancy/core";
import { acme, bootstrapperContract } from "../../src/index.ts";

const SENDER = valueKey<string>("test:sender");

/** Takes one place at a desk for each stay, and leaves it in its undo. */
function deskBootstrapper(desk: Set<symbol>, asynchronous: boolean): TenancyBootstrapper {
  return {
    name: "desk",
    bootstrap(scope) {
      const place = Symbol(scope.tenant.slug);
      desk.add(place);
      scope.provide(SENDER, () => `mail@${scope.tenant.slug}.example.com`);
      const undo = () => void desk.delete(place);
      return asynchronous ? Promise.resolve(undo) : undo;
    },
  };
}

for (const asynchronous of [false, true]) {
  bootstrapperContract(asynchronous ? "with a slow undo" : "with an undo", {
    async create(watch) {
      const tenancy = createTenancy({
        store: memoryStore([acme()]),
        bootstrappers: [watch(deskBootstrapper(new Set(), asynchronous))],
      });
      await tenancy.start();
      return {
        enter: (tenant, work) => tenancy.run(tenant, work),
        observe: () => tenancy.get(SENDER),
        close: () => tenancy.close(),
      };
    },
  });
}
