import type { Placement, TenantFilter } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { collect } from "../suite/collect.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

const placement: Placement = {
  ...{ driver: "sqlite", strategy: "database", server: "default", name: "t_1" },
  ...{ generation: 1, secret: undefined },
};

/** Checks that a registry knows how far the schemas of tenants are. */
export function schemaTests(make: MakeRegistry): void {
  async function fleet() {
    const registry = await make();
    await registry.transaction(async ({ tenants }) => {
      await tenants.insert(acme({ placement, schemaVersion: "0001-a" }), []);
      await tenants.insert(globex({ placement: { ...placement, name: "t_2" } }), []);
      const rows = { ...placement, strategy: "row", name: "shared" } as const;
      const initech = { slug: "initech", placement: rows, schemaVersion: "0001-a" };
      await tenants.insert(tenantRecord(initech), []);
      await tenants.insert(tenantRecord({ slug: "plain" }), []);
      await tenants.insert(
        tenantRecord({
          slug: "spare",
          placement: { ...placement, name: "t_5" },
          status: "pending",
        }),
        [],
      );
    });
    return registry;
  }

  const sqlite = { driver: "sqlite", strategy: "database" } as const;

  it("counts tenants that have a database by how far they are, spares only where they are named", async () => {
    const registry = await fleet();

    const listed = await registry.transaction(({ schemas }) => schemas.count());
    const spares = await registry.transaction(({ schemas }) => schemas.count(["pending"]));
    const none = await registry.transaction(({ schemas }) => schemas.count([]));

    expect(listed).toHaveLength(3);
    expect(listed).toEqual(
      expect.arrayContaining([
        { ...sqlite, version: "0001-a", tenants: 1 },
        { ...sqlite, version: undefined, tenants: 1 },
        { driver: "sqlite", strategy: "row", version: "0001-a", tenants: 1 },
      ]),
    );
    expect(spares).toEqual([{ ...sqlite, version: undefined, tenants: 1 }]);
    expect(none).toEqual([]);
  });

  it("lists the tenants whose schemas are so far, and those of given ids", async () => {
    const { store } = await fleet();
    const slugs = async (filter: TenantFilter) =>
      (await collect(store.list(filter))).map(({ slug }) => slug).sort();

    expect(await slugs({ schemas: [{ ...sqlite, version: "0001-a" }] })).toEqual(["acme"]);
    expect(await slugs({ schemas: [{ ...sqlite, version: undefined }] })).toEqual(["globex"]);
    const both = [undefined, "0001-a"].map((version) => ({ ...sqlite, version }));
    expect(await slugs({ schemas: both })).toEqual(["acme", "globex"]);
    expect(await slugs({ schemas: [{ ...sqlite, version: "0001-A" }] })).toEqual([]);
    expect(await slugs({ schemas: [] })).toEqual([]);
    expect(await slugs({ ids: [acme().id, "tenant-spare"] })).toEqual(["acme"]);
    const statuses = ["pending", "active"] as const;
    expect(await slugs({ ids: [acme().id, "tenant-spare"], statuses })).toEqual(["acme", "spare"]);
    expect(await slugs({ ids: [acme().id], schemas: both })).toEqual(["acme"]);
    expect(await slugs({ ids: [] })).toEqual([]);
  });

  it("writes how far schemas are and raises the versions of those that this changes", async () => {
    const registry = await fleet();

    const changed = await registry.transaction(({ schemas }) =>
      schemas.record([
        { tenantId: acme().id, generation: 1, version: "0001-a" },
        { tenantId: globex().id, generation: 1, version: "0002-b" },
        { tenantId: "tenant-spare", generation: 2, version: "0002-b" },
        { tenantId: "nobody", generation: 1, version: "0002-b" },
        { tenantId: "tenant-initech", generation: 1, version: undefined },
      ]),
    );

    expect(changed.map(({ slug }) => slug).sort()).toEqual(["globex", "initech"]);
    const found = await registry.store.find({ by: "slug", value: "globex" });
    expect(found).toMatchObject({ version: 2, schemaVersion: "0002-b" });
    expect(changed).toContainEqual(found);
    expect(await registry.store.find({ by: "slug", value: "acme" })).toMatchObject({ version: 1 });
    const spare = await registry.store.find({ by: "slug", value: "spare" });
    expect(spare).toMatchObject({ version: 1, schemaVersion: undefined });
    const initech = await registry.store.find({ by: "slug", value: "initech" });
    expect(initech).toMatchObject({ version: 2, schemaVersion: undefined });
  });
}
