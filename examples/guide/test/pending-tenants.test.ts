import type { OperationStep } from "@af-tenancy/core";
import { onlyPending, provisioning, withPending } from "@af-tenancy/provisioning";
import { expect, it } from "vitest";
import { Note } from "../src/note.ts";
import { startFleet } from "./start-fleet.ts";

it("C110 C114: fills the pool and pulls from it", async () => {
  const { db, tenancy } = await startFleet();

  // #region pull
  await tenancy.tenants.pending.fill(3); // by a command, before anybody asks

  const acme = await tenancy.tenants.pending.pull({
    slug: "acme",
    domains: ["acme.example.com"],
    plan: "gold",
  });
  // acme.status is "active": the tenant can be entered
  // #endregion

  expect(acme).toMatchObject({ status: "active", name: "acme", plan: "gold" });
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(0);
  expect(await tenancy.tenants.pending.count()).toBe(2);
});

it("C110: gives nothing where the pool is empty and none is to be made", async () => {
  const { tenancy } = await startFleet();
  const answers: number[] = [];
  const answer = (status: number) => answers.push(status);

  // #region if-empty
  const acme = await tenancy.tenants.pending.pull({ slug: "acme" }, { ifEmpty: "none" });
  if (acme === undefined) answer(503); // later, when there are some again
  // #endregion

  expect(answers).toEqual([503]);
});

it("C116: keeps a pool with attributes", async () => {
  // #region keep
  const pending = {
    keep: 20, // filled in the background, by one process at a time
    attributes: () => ({ plan: "trial", metadata: { region: "eu" } }),
  };
  const parts = { provisioning: provisioning({ pending }) }; // for createTenancy
  // #endregion
  const { tenancy } = await startFleet(parts);

  await tenancy.tenants.pending.fill(1);

  const acme = await tenancy.tenants.pending.pull({ slug: "acme" });
  expect(acme).toMatchObject({ plan: "trial", metadata: { region: "eu" } });
});

it("C115: runs steps in the pool or at the pull", async () => {
  const told: string[] = [];
  const mail = async (slug: string) => void told.push(slug);

  // #region steps
  const seed: OperationStep = {
    name: "seed",
    async run({ tenant, operation }) {
      const isPending = operation.kind === "create-pending"; // its slug says nothing then
      const text = isPending ? "Welcome!" : `Welcome, ${tenant.name}!`;
      await tenancy.run(tenant, () => db.em().upsert(Note, { id: 1, text }));
    },
  };
  const welcome: OperationStep = { name: "welcome", run: async ({ tenant }) => mail(tenant.slug) };
  const parts = {
    provisioning: provisioning({
      creation: { database: [seed], tenant: [welcome] },
      pending: { steps: { migrate: true, database: true, tenant: false } }, // as when absent
    }),
  };
  // #endregion
  const { db, tenancy } = await startFleet(parts);

  await tenancy.tenants.pending.fill(1);
  const before = [...told];
  const acme = await tenancy.tenants.pending.pull({ slug: "acme" });

  expect([before, told]).toEqual([[], ["acme"]]);
  const notes = await tenancy.run(acme, () => db.em().find(Note, {}));
  expect(notes).toMatchObject([{ text: "Welcome!" }]);
});

it("C109 C113: lists pending tenants only where that is asked", async () => {
  const { tenancy } = await startFleet();
  await tenancy.tenants.pending.fill(2);
  await tenancy.tenants.create({ slug: "acme" });
  const slugs: string[] = [];
  const migrate = async ({ slug }: { slug: string }) => void slugs.push(slug);

  // #region filter
  await tenancy.runForEach(null, migrate); // without them
  await tenancy.runForEach(tenancy.store.list(withPending()), migrate);
  await tenancy.runForEach(tenancy.store.list(onlyPending({ limit: 1 })), migrate);
  // A command hands its flag on; without one the option `pending.include` decides.
  await tenancy.runForEach(tenancy.store.list(tenancy.tenants.pending.filter("true")), migrate);
  // #endregion

  expect(slugs).toHaveLength(1 + 3 + 1 + 3);
});

it("C114: clears the pool", async () => {
  const { tenancy } = await startFleet();
  const made = await tenancy.tenants.pending.fill(2);

  // #region clear
  const old = await tenancy.tenants.pending.clear({ olderThanDays: 30 });
  const { cleared, failed } = await tenancy.tenants.pending.clear(); // all of them
  // #endregion

  expect([old.cleared, failed]).toEqual([[], []]);
  expect(cleared).toEqual([...made].sort());
});
