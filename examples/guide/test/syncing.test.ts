import { createTenancy, type TenancyHooks } from "@af-tenancy/core";
import {
  centralSyncTables,
  type ResourceSyncingOptions,
  resourceSyncing,
  type SyncStep,
  tenantSyncTable,
} from "@af-tenancy/database";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished, vi } from "vitest";
import { CentralUser, User, users } from "../src/synced-users.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function start(options: Partial<ResourceSyncingOptions> = {}, hooks: TenancyHooks = {}) {
  const folder = await temporaryFolder();
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const queue = options.queue;
  // #region compose
  const syncing = resourceSyncing({ resources: [users], ...(queue && { queue }) });
  const db = sqlite({
    folder: `${folder}/tenants`,
    entities: [User, tenantSyncTable()],
    central: {
      file: `${folder}/app.sqlite`,
      entities: [CentralUser, ...centralSyncTables()],
    },
  });
  const tenancy = createTenancy({
    registry,
    databases: db,
    provisioning: provisioning(),
    bootstrappers: [syncing],
    hooks,
  });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });
  return { db, tenancy, syncing, acme, globex };
}

it("C152 C154: keeps users alike, and takes them from tenants", async () => {
  const { db, tenancy, syncing, acme, globex } = await start();
  // #region use
  const em = db.central();
  const ann = em.create(CentralUser, { name: "Ann", email: "ann@example.org" });
  await em.flush();
  await syncing.attachRecords(ann, [acme, globex], { pivot: { invitedBy: "Bob" } });

  await tenancy.run(acme, async () => {
    const own = await db.em().findOneOrFail(User, { globalId: ann.globalId });
    own.name = "Ann Lee"; // of central and globex too, when flush() is done
    own.role = "owner"; // of acme alone
    await db.em().flush();
  });
  // #endregion
  const ofGlobex = () =>
    tenancy.run(globex, () => db.em().fork().findOne(User, { globalId: ann.globalId }));
  expect(await ofGlobex()).toMatchObject({ name: "Ann Lee", role: "member" });
  expect(await db.central().findOneOrFail(CentralUser, ann.id)).toMatchObject({ plan: "free" });

  // #region detach
  const [mapping] = await syncing.mappings({ tenantId: globex.id });
  await syncing.detachRecords(ann, globex); // the user of globex is gone, the others are not
  // #endregion
  expect(mapping).toMatchObject({ globalId: ann.globalId, pivot: { invitedBy: "Bob" } });
  expect(await ofGlobex()).toBeNull();
});

it("C154: makes a central record and attaches it in one transaction", async () => {
  const { db, tenancy, syncing, acme } = await start();
  // #region transaction
  await db.central().transactional(async (em) => {
    const user = em.create(CentralUser, { name: "Cid", email: "cid@example.org" });
    await syncing.attachRecords(user, acme, { em });
  });
  // #endregion
  expect(await tenancy.run(acme, () => db.em().count(User))).toBe(1);
});

it("C157: lets a queue do the steps", async () => {
  const jobs: string[] = [];
  const queue = { add: async (job: string) => void jobs.push(job) };
  // #region queue
  const options = { queue: (step: SyncStep) => queue.add(JSON.stringify(step)) };
  // #endregion
  const { db, tenancy, syncing, acme } = await start(options);
  await tenancy.run(acme, async () => {
    db.em().create(User, { name: "Dan", email: "dan@example.org", role: "owner" });
    await db.em().flush();
  });
  expect(await db.central().count(CentralUser)).toBe(0);
  const [job = ""] = jobs;
  // #region work
  await syncing.perform(JSON.parse(job)); // in the worker, as often as it takes
  // #endregion
  expect(await db.central().findAll(CentralUser)).toMatchObject([{ plan: "of a owner" }]);
});

it("C155 C157: delivers what was left", async () => {
  const warnings: string[] = [];
  const log = { warn: (text: string) => warnings.push(text) };
  const { db, syncing, acme } = await start({ queue: () => undefined });
  const em = db.central();
  const user = em.create(CentralUser, { name: "Eve", email: "eve@example.org" });
  await em.flush();
  await syncing.attachRecords(user, acme);
  // #region deliver
  const { steps, failures } = await syncing.deliver(); // by cron, every few minutes
  for (const { tenantId, error } of failures) log.warn(`${tenantId}: ${error}`);
  // #endregion
  expect([steps, warnings]).toEqual([1, []]);
});

it("C157: forgets the mappings of a tenant that is purged", async () => {
  const { db, tenancy, syncing, acme } = await start();
  await tenancy.run(acme, async () => {
    db.em().create(User, { name: "Flo", email: "flo@example.org", role: "owner" });
    await db.em().flush();
  });
  expect(await syncing.mappings()).toHaveLength(1);

  await tenancy.tenants.delete(acme.id);
  await tenancy.tenants.purge(acme.id, { skipGrace: true });

  await vi.waitFor(async () => expect(await syncing.mappings()).toEqual([]));
  expect(await db.central().count(CentralUser)).toBe(1);
});
