import {
  createTenancy,
  InvalidInputError,
  memoryStore,
  UnknownDriverError,
} from "@af-tenancy/core";
import { expect, it } from "vitest";
import {
  acme,
  bootstrapperContract,
  databaseManagerContract,
  globex,
  tenantRecord,
} from "../../src/index.ts";
import { CabinetDatabases } from "./cabinet-databases.ts";
import { mixedDatabases } from "./mixed-databases.ts";
import { NOTEBOOK } from "./notebook.ts";
import { ShelfDatabases } from "./shelf-databases.ts";

const cabinet = new CabinetDatabases();
const shelf = new ShelfDatabases();
const databases = mixedDatabases({ cabinet, shelf });
const tenancy = createTenancy({ store: memoryStore([acme()]), databases });
await tenancy.start();

for (const driver of ["cabinet", "shelf"]) {
  databaseManagerContract(driver, {
    create: () => databases.manager(databases.place("any", 1, { driver })),
    place: (tenantId, generation) => databases.place(tenantId, generation, { driver }),
    rows: {
      write: ({ tenantId, placement }, key, value) =>
        tenancy.run(tenantRecord({ slug: "any", id: tenantId, placement }), () =>
          tenancy.get(NOTEBOOK).write(String(key), value),
        ),
      read: ({ tenantId, placement }, key) =>
        tenancy.run(tenantRecord({ slug: "any", id: tenantId, placement }), () =>
          tenancy.get(NOTEBOOK).read(String(key)),
        ),
    },
    makeUnmarked: ({ placement }) => shelf.makeUnmarked(placement.name),
    dropUnmarked: ({ placement }) => shelf.dropUnmarked(placement.name),
    leftOut: driver === "cabinet" ? { "unmarked databases": "a drawer always has a label" } : {},
  });
}

bootstrapperContract("mixed databases", {
  tenants: [
    acme({ placement: databases.place(acme().id, 1, { driver: "cabinet" }) }),
    globex({ placement: databases.place(globex().id, 1, { driver: "shelf" }) }),
  ],
  async create(watch) {
    const watched = createTenancy({
      store: memoryStore([acme()]),
      bootstrappers: [watch(databases.bootstrapper)],
    });
    await watched.start();
    return {
      enter: (tenant, work) =>
        watched.run(tenant, async () => {
          const { id: tenantId, placement } = tenant;
          if (placement) await databases.manager(placement).create({ tenantId, placement });
          await watched.get(NOTEBOOK).write("canary", `CANARY_${tenant.slug}`);
          return work();
        }),
      observe: async () => watched.get(NOTEBOOK).read("canary"),
      close: () => watched.close(),
    };
  },
});

it("knows its drivers and their differences", () => {
  const managers = ["cabinet", "shelf"].map((driver) =>
    databases.manager(databases.place("any", 1, { driver })),
  );

  expect(managers.map(({ driver }) => driver)).toEqual(["cabinet", "shelf"]);
  expect(managers.map(({ capabilities }) => capabilities.users)).toEqual([false, true]);
  expect(() => databases.place("any", 1, { driver: "constructor" })).toThrow(UnknownDriverError);
  expect(() => databases.place("any", 1, { driver: "shelf", strategy: "row" })).toThrow(
    InvalidInputError,
  );
});
