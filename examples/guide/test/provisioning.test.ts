import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type OperationDefinition, type OperationStep, VetoedError } from "@af-tenancy/core";
import { provisioning, sequenceIds } from "@af-tenancy/provisioning";
import { MikroORM } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "../src/note.ts";
import { startFleet } from "./start-fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("creates a tenant, once", async () => {
  const { tenancy } = await startFleet();
  const create = async () => {
    // #region create
    const acme = await tenancy.tenants.create({
      slug: "acme",
      name: "Acme Corporation",
      domains: ["acme.example.com"],
      idempotencyKey: "sign-up-4711",
    });
    // acme.status is "active": the tenant can be entered
    // #endregion
    return acme;
  };

  const acme = await create();

  expect(acme.status).toBe("active");
  expect(await create()).toEqual(acme);
});

it("counts its tenants", async () => {
  // #region ids
  const parts = { provisioning: provisioning({ generateId: sequenceIds({ digits: 6 }) }) }; // for createTenancy
  // #endregion
  const { tenancy } = await startFleet(parts);

  expect((await tenancy.tenants.create({ slug: "acme" })).id).toBe("000001");
  expect((await tenancy.tenants.create({ slug: "globex" })).id).toBe("000002");
});

it("runs the application's steps when a tenant is made", async () => {
  // #region steps
  const seed: OperationStep = {
    name: "seed",
    async run({ tenant }) {
      // It may run again after a crash: upsert has the same outcome each time.
      await tenancy.run(tenant, () => db.em().upsert(Note, { id: 1, text: "Welcome!" }));
    },
  };
  const parts = { provisioning: provisioning({ creation: { database: [seed] } }) }; // for createTenancy
  // #endregion
  const { db, tenancy } = await startFleet(parts);

  const acme = await tenancy.tenants.create({ slug: "acme" });

  expect(await tenancy.run(acme, async () => db.em().count(Note))).toBe(1);
});

it("adopts a file that is there already", async () => {
  const { db, folder, tenancy } = await startFleet();
  const unowned = await MikroORM.init({ dbName: `${folder}/old.sqlite`, entities: [Note] });
  await unowned.schema.create();
  await unowned.em.fork().insert(Note, { id: 1, text: "from before" });
  await unowned.close();
  await mkdir(`${folder}/tenants`);
  await rename(`${folder}/old.sqlite`, `${folder}/tenants/acme-2019.sqlite`);

  // #region adopt
  const acme = await tenancy.tenants.adopt({
    slug: "acme",
    placement: { name: "acme-2019" }, // the file acme-2019.sqlite in the folder of the tenants
    idempotencyKey: "move-acme",
  });
  // #endregion

  expect(await tenancy.run(acme, async () => db.em().count(Note))).toBe(1);
});

it("clones a tenant", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.run(acme, async () => void (await db.em().insert(Note, { id: 1, text: "Hi" })));

  // #region clone
  const rehearsal = await tenancy.tenants.clone(
    { by: "slug", value: "acme" },
    { slug: "acme-rehearsal", domains: ["rehearsal.example.com"], idempotencyKey: "rehearsal-1" },
  );
  // rehearsal has another id, and all of acme's data as it was at one moment
  // #endregion

  expect(rehearsal.id).not.toBe(acme.id);
  expect(await tenancy.run(rehearsal, async () => db.em().count(Note))).toBe(1);
});

it("changes attributes and domains", async () => {
  const { tenancy } = await startFleet();
  await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com"] });

  // #region update
  await tenancy.tenants.update(
    { by: "slug", value: "acme" },
    { plan: "gold", domains: ["shop.acme.com", "acme.example.com"] }, // the first one is primary
  );
  // #endregion

  // #region add-domain
  const acme = { by: "slug", value: "acme" } as const;
  const present = (await tenancy.tenants.domains(acme)).map(({ name }) => name);
  await tenancy.tenants.update(acme, {
    domains: [...present, "acme.shop"],
    expectedDomains: present,
  });
  // #endregion

  expect((await tenancy.tenants.domains(acme)).map(({ name }) => name)).toContain("acme.shop");
  expect(await tenancy.find({ by: "domain", value: "shop.acme.com" })).toMatchObject({
    slug: "acme",
    plan: "gold",
  });
});

it("lets the application refuse", async () => {
  const { tenancy } = await startFleet();

  // #region refuse
  tenancy.events.on("tenantCreating", ({ input }) => {
    if (input.slug.startsWith("test-")) return false; // the caller gets VETOED
  });
  // #endregion

  await expect(tenancy.tenants.create({ slug: "test-1" })).rejects.toThrow(VetoedError);
  await expect(tenancy.tenants.create({ slug: "acme" })).resolves.toMatchObject({ slug: "acme" });
});

it("runs operations of the application, step by step", async () => {
  const steps: string[] = [];

  // #region operation
  const importNotes: OperationDefinition = {
    kind: "import-notes",
    steps: [
      {
        name: "insert",
        async run({ tenant, operation }) {
          const { notes } = operation.input as { notes: readonly string[] };
          await tenancy.run(tenant, async () => {
            const em = db.em();
            // It may run again after a crash, so it looks before it acts.
            if ((await em.count(Note)) > 0) return;
            for (const text of notes) em.create(Note, { text });
            await em.flush();
          });
        },
      },
    ],
  };
  const parts = { provisioning: provisioning({ operations: [importNotes] }) }; // for createTenancy
  // #endregion
  const { db, tenancy } = await startFleet(parts);
  tenancy.events.on("operationProgress", ({ operation, step, position, steps: all }) => {
    steps.push(`${operation.kind}: ${step}, ${position} of ${all}`);
  });

  const acme = await tenancy.tenants.create({ slug: "acme" });
  // #region operation
  await tenancy.tenants.run("import-notes", acme.id, { notes: ["one", "two"] });
  // #endregion

  expect(await tenancy.run(acme, async () => db.em().count(Note))).toBe(2);
  expect(steps.at(-1)).toBe("import-notes: insert, 1 of 1");
});

it("purges a tenant", async () => {
  const { db, tenancy } = await startFleet();
  const acme = await tenancy.tenants.create({ slug: "acme" });

  // #region purge
  await tenancy.tenants.purge({ by: "slug", value: "acme" }, { skipGrace: true });
  // #endregion

  expect(await tenancy.find(acme.id)).toBeUndefined();
  await expect(tenancy.run(acme, () => db.em().count(Note))).rejects.toMatchObject({
    code: "DATABASE_NOT_READY",
  });
});

it("F062: keeps a last copy that can be read again, or drops nothing", async () => {
  const copies = await temporaryFolder();
  // #region last-copy
  const lastCopy: OperationStep = {
    name: "last-copy",
    async run({ tenant, signal }) {
      const file = join(copies, `${tenant.id}.jsonl`);
      const common = { format: "jsonl", signal } as const;
      const trial = { dryRun: true, onConflict: "update" } as const; // each row is written and taken back
      await tenancy.run(tenant, async () => {
        const written = await db.data.export({ ...common, to: createWriteStream(file) });
        const from = createReadStream(file);
        const { rows } = await db.data.import({ ...common, ...trial, from });
        for (const [entity, count] of Object.entries(written.rows)) {
          if ((rows[entity]?.updated ?? 0) !== count) throw new Error(`${entity} is not whole.`);
        }
      });
    },
  };
  const parts = { provisioning: provisioning({ purging: [lastCopy] }) }; // for createTenancy
  // #endregion
  const { db, tenancy } = await startFleet(parts);
  const acme = await tenancy.tenants.create({ slug: "acme" });
  await tenancy.run(acme, () => db.em().insertMany(Note, [{ text: "one" }, { text: "two" }]));
  const purge = () => tenancy.tenants.purge(acme.id, { skipGrace: true });

  await mkdir(join(copies, `${acme.id}.jsonl`));
  await expect(purge()).rejects.toMatchObject({ code: "PROVISIONING_FAILED", step: "last-copy" });
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2);
  await rmdir(join(copies, `${acme.id}.jsonl`));
  await purge();

  expect(await tenancy.find(acme.id)).toBeUndefined();
  expect(
    (await readFile(join(copies, `${acme.id}.jsonl`), "utf8")).trim().split("\n"),
  ).toHaveLength(2);
});

it("purges several tenants by a plan", async () => {
  const { tenancy } = await startFleet();
  for (const slug of ["trial-1", "trial-2"]) await tenancy.tenants.create({ slug });

  // #region purge-all
  const trials = ["trial-1", "trial-2"].map((value) => ({ by: "slug", value }));
  const { plan, tenants } = await tenancy.tenants.purgeAll(trials, { skipGrace: true });
  // Look at tenants, then do it:
  const { purged, failed } = await tenancy.tenants.purgeAll(trials, { skipGrace: true, plan });
  // #endregion

  expect([purged, failed]).toEqual([tenants.map(({ id }) => id), []]);
});

it("repairs", async () => {
  const { tenancy } = await startFleet();

  // #region repair
  const planned = await tenancy.tenants.repair({ dryRun: true }); // changes nothing
  const { finished, failed, swept } = await tenancy.tenants.repair();
  // #endregion

  expect([planned.finished, finished, failed, swept]).toEqual([[], [], [], []]);
});

it("lets a tenant in again", async () => {
  const { registry, tenancy } = await startFleet();
  const { id: tenantId } = await tenancy.tenants.create({ slug: "acme" });
  const month = 30 * 24 * 3_600_000;
  await tenancy.tenants.suspend(tenantId, { reason: "invoice 17 is open" });

  // #region let-in
  const acme = { by: "slug", value: "acme" };
  const history = await registry.transaction(({ audit }) => audit.list({ tenantId }));
  await tenancy.tenants.resume(acme, { reason: "paid" }); // TENANT_SUSPENDED
  await tenancy.tenants.setMaintenance(acme, undefined); // TENANT_MAINTENANCE
  await tenancy.tenants.setExpiry(acme, Date.now() + month); // TENANT_EXPIRED
  await tenancy.tenants.setAccess(acme, "read-write"); // TENANT_CLOSED, TENANT_READ_ONLY
  // #endregion

  expect(history).toMatchObject([
    { action: "tenant.suspended", cause: { reason: "invoice 17 is open" } },
  ]);
  expect(await tenancy.find(acme)).toMatchObject({ status: "active", access: "read-write" });
});
