import type { TenantFilter } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import { collect } from "../suite/collect.ts";
import { statuses } from "./statuses.ts";
import type { MakeStore } from "./tenant-store-harness.ts";

/** Checks how a store gives many tenants. */
export function listTests(make: MakeStore): void {
  it("lists in the byte order of the ids", async () => {
    const ids = ["b", "a", "Z", "B", "_", "9", "10", "-", "aa"];
    const store = await make({
      tenants: ids.map((id, index) => tenantRecord({ id, slug: `slug-${index}` })),
    });

    const listed = await collect(store.list());

    expect(listed.map(({ id }) => id)).toEqual(["-", "10", "9", "B", "Z", "_", "a", "aa", "b"]);
  });

  it("lists every tenant once, however many there are", { timeout: 60_000 }, async () => {
    const ids = Array.from({ length: 250 }, (_, index) => `t${String(index).padStart(4, "0")}`);
    const store = await make({ tenants: ids.map((id) => tenantRecord({ id, slug: `s-${id}` })) });

    const listed = await collect(store.list());

    expect(listed.map(({ id }) => id)).toEqual(ids);
  });

  it("leaves out pending and deleted tenants unless they are named", async () => {
    const store = await make({
      tenants: statuses.map((status) => tenantRecord({ slug: status, status })),
    });

    const listed = await collect(store.list());

    const expected = statuses.filter((status) => status !== "pending" && status !== "deleted");
    expect(listed.map(({ status }) => status).sort()).toEqual([...expected].sort());
  });

  it("lists exactly the statuses that the filter names", async () => {
    const store = await make({
      tenants: statuses.map((status) => tenantRecord({ slug: status, status })),
    });

    const named = await collect(store.list({ statuses: ["pending", "deleted", "active"] }));
    const none = await collect(store.list({ statuses: [] }));

    expect(named.map(({ status }) => status).sort()).toEqual(["active", "deleted", "pending"]);
    expect(none).toEqual([]);
  });

  it("lists those only whose time has come", async () => {
    const dated = [undefined, 9, 10, 11].map((time, index) =>
      tenantRecord({ slug: `t-${index}`, expiresAt: time, graceUntil: time && 20 - time }),
    );
    const store = await make({
      tenants: [...dated, tenantRecord({ slug: "gone", status: "deleted", expiresAt: 9 })],
    });
    const slugs = async (filter: TenantFilter) =>
      (await collect(store.list(filter))).map(({ slug }) => slug).sort();

    expect(await slugs({ expiredBy: 10 })).toEqual(["t-1", "t-2"]);
    expect(await slugs({ graceOverBy: 10 })).toEqual(["t-2", "t-3"]);
    expect(await slugs({ expiredBy: 10, graceOverBy: 10 })).toEqual(["t-2"]);
    expect(await slugs({ expiredBy: 10, statuses: ["deleted"] })).toEqual(["gone"]);
    expect(await slugs({ expiredBy: 8 })).toEqual([]);
  });

  it("lists no more than the filter says", async () => {
    const tenants = ["b", "a", "d", "c"].map((id) => tenantRecord({ id, slug: id }));
    const store = await make({ tenants });
    const ids = async (filter: TenantFilter) =>
      (await collect(store.list(filter))).map(({ id }) => id);

    expect(await ids({ limit: 2 })).toEqual(["a", "b"]);
    expect(await ids({ limit: 0 })).toEqual([]);
    expect(await ids({ limit: 9 })).toEqual(["a", "b", "c", "d"]);
  });

  it("can be left half-way and begun anew", async () => {
    const store = await make({ tenants: [acme(), globex()] });

    for await (const tenant of store.list()) {
      expect(tenant.slug).toBe("acme");
      break;
    }

    expect((await collect(store.list())).map(({ slug }) => slug)).toEqual(["acme", "globex"]);
  });

  it("lists nothing when there is nothing", async () => {
    const store = await make({ tenants: [] });

    expect(await collect(store.list())).toEqual([]);
  });
}
