import { expect, it } from "vitest";
import { Note } from "../src/note.ts";
import { startFleet } from "./start-fleet.ts";

const day = 24 * 3_600_000;

it("S030: moves a tenant", async () => {
  const { tenancy } = await startFleet();
  await tenancy.tenants.create({ slug: "acme" });

  // #region moves
  const acme = { by: "slug", value: "acme" };
  await tenancy.tenants.suspend(acme, { graceMs: 3 * day, reason: "invoice 17 is open" });
  await tenancy.tenants.resume(acme, { reason: "paid" });
  await tenancy.tenants.block(acme, { reason: "spam" });
  await tenancy.tenants.unblock(acme);
  // #endregion

  expect(await tenancy.find(acme)).toMatchObject({ status: "active", version: 6 });
});

it("S030: deletes and restores a tenant with what it has", async () => {
  const { db, tenancy } = await startFleet();
  const { id } = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.run(id, () => db.em().insert(Note, { text: "kept" }));
  const acme = { by: "slug", value: "acme" };

  // #region delete
  const deleted = await tenancy.tenants.delete(acme); // graceUntil is 7 days from now
  const restored = await tenancy.tenants.restore(acme); // what it was before: active
  // #endregion

  expect([deleted.status, restored.status]).toEqual(["deleted", "active"]);
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(1);
});

it("sets conditions", async () => {
  const { db, tenancy } = await startFleet();
  const { id } = await tenancy.tenants.create({ slug: "acme" });
  const acme = { by: "slug", value: "acme" };

  // #region conditions
  await tenancy.tenants.setExpiry(acme, Date.now() + 30 * day);
  await tenancy.tenants.setMaintenance(acme, { message: "Back at noon.", retryAfter: 600 });
  await tenancy.tenants.setMaintenance(acme, undefined); // it is over
  await tenancy.tenants.setAccess(acme, "read-only");
  // #endregion

  const writing = tenancy.run(id, () => db.em().insert(Note, { text: "no" }));
  await expect(writing).rejects.toMatchObject({ code: "TENANT_READ_ONLY" });
});

it("S072: sweeps", async () => {
  const { tenancy } = await startFleet();
  const { id } = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.tenants.setExpiry(id, 1);

  // #region sweep
  const { suspended, purged, failed } = await tenancy.tenants.sweep(); // by cron, every few minutes
  // #endregion

  expect([suspended, purged, failed]).toEqual([[id], [], []]);
  expect(await tenancy.tenants.setExpiry(id, Date.now() + day)).toMatchObject({ status: "active" });
});
