import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTenancy, type OperationStep, type TenantRecord } from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { describe, expect, it } from "vitest";
import { type ProvisioningOptions, provisioning } from "../src/index.ts";
import { withFolder } from "./crash/with-folder.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

describe("the pipelines of a creation", () => {
  it("C048: creates, migrates, seeds and runs the application's own steps, in order", () =>
    withFolder(async (folder) => {
      const site = await start(folder, {
        creation: {
          database: [
            { name: "seed", run: ({ tenant }) => site.write(tenant, 1) },
            { name: "settings", run: ({ tenant }) => site.write(tenant, 2) },
          ],
          tenant: [{ name: "welcome", run: ({ tenant }) => site.write(tenant, 3) }],
        },
      });
      const told: string[] = [];
      site.tenancy.events.on("operationProgress", ({ operation, step, position, steps }) => {
        told.push(`${operation.kind} ${position}/${steps} ${step}`);
      });

      const acme = await site.tenancy.tenants.create({ slug: "acme" });
      const globex = await site.tenancy.tenants.create({ slug: "globex" });

      const steps = "database migrate seed settings verify welcome activate".split(" ");
      const once = steps.map((step, index) => `create ${index + 1}/7 ${step}`);
      expect(told).toEqual([...once, ...once]);
      for (const tenant of [acme, globex]) {
        expect(await site.read(tenant)).toEqual([1, 2, 3].map((id) => `${tenant.slug} ${id}`));
      }
      await site.tenancy.close();
    }));

  it("C052: a listener of databaseCreating has a tenant made without a database or its steps", () =>
    withFolder(async (folder) => {
      const ran: string[] = [];
      const site = await start(folder, {
        creation: { database: [told("seed", ran)], tenant: [told("welcome", ran)] },
      });
      site.tenancy.events.on(
        "databaseCreating",
        ({ tenant }) => tenant.slug !== "acme" && undefined,
      );

      const acme = await site.tenancy.tenants.create({ slug: "acme" });
      const globex = await site.tenancy.tenants.create({ slug: "globex" });

      expect(acme).toMatchObject({ status: "active", placement: undefined });
      expect(ran).toEqual(["welcome acme", "seed globex", "welcome globex"]);
      const { ledger } = await journalOf(site.registry);
      expect(ledger).toMatchObject([{ tenantId: globex.id, state: "ready" }]);
      expect(
        existsSync(join(folder, "tenants", `t_${acme.id.replaceAll("-", "")}_g1.sqlite`)),
      ).toBe(false);
      expect(await codeThrownBy(() => site.read(acme))).toBe("DATABASE_NOT_READY");
      await site.tenancy.close();
    }));

  it("C053: a pipeline that a listener stops does not stop the other one", async () => {
    const { join: enter, registry } = installation();
    const ran: string[] = [];
    const creation = { database: [told("seed", ran)], tenant: [told("welcome", ran)] };
    const tenancy = await enter({ creation });
    tenancy.events.on("databaseCreating", () => false);

    const acme = await tenancy.tenants.create({ slug: "acme" });

    expect(ran).toEqual(["welcome acme"]);
    expect(acme.status).toBe("active");
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("surface what a listener of databaseCreating throws, and write nothing then", async () => {
    const { join: enter, registry } = installation();
    const tenancy = await enter();
    tenancy.events.on("databaseCreating", () => {
      throw new RangeError("no more disks");
    });

    await expect(tenancy.tenants.create({ slug: "acme" })).rejects.toThrow("no more disks");

    expect(await journalOf(registry)).toMatchObject({ tenants: [], outbox: [] });
  });

  it("F066: a step of the application that fails leaves the tenant failed, and is run again", async () => {
    const { join: enter, registry } = installation();
    const ran: string[] = [];
    let broken = true;
    const seed: OperationStep = {
      name: "seed",
      async run({ tenant }) {
        ran.push(`${tenant.slug} ${tenant.status}`);
        if (broken) throw new RangeError("a bad row");
      },
    };
    const { tenants } = await enter({ creation: { database: [seed] } });

    const input = { slug: "acme", idempotencyKey: "sign-up-1" };
    const thrown = await codeThrownBy(() => tenants.create(input));
    const during = await journalOf(registry);
    broken = false;
    const acme = await tenants.create(input);

    expect(thrown).toBe("PROVISIONING_FAILED");
    expect(during.tenants).toMatchObject([{ slug: "acme", status: "failed" }]);
    expect(during.unfinished).toMatchObject([{ done: ["database", "migrate"] }]);
    expect(ran).toEqual(["acme provisioning", "acme provisioning"]);
    expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
  });

  it("F057: run no step of the application in a process that was replaced", async () => {
    const { join: enter, clock, databases } = installation();
    const ran: string[] = [];
    const healthy = await enter({ creation: { database: [told("seed", ran)] } });
    let isFirst = true;
    const zombie = await enter({
      clock: installation().clock,
      creation: { database: [told("zombie", ran)] },
      databases: watchedDatabases(databases, {
        async after(call) {
          if (call !== "migrate" || !isFirst) return;
          isFirst = false;
          await clock.advance(20_000);
          await healthy.tenants.repair();
        },
      }),
    });

    const thrown = await codeThrownBy(() => zombie.tenants.create({ slug: "acme" }));

    expect(thrown).toBe("STALE_OPERATION");
    expect(ran).toEqual(["seed acme"]);
  });

  it("F057: begin no step of the application in a process that slept between two steps", async () => {
    const { join: enter, clock } = installation();
    const ran: string[] = [];
    const healthy = await enter({ creation: { database: [told("seed", ran)] } });
    const zombie = await enter({
      clock: installation().clock,
      creation: { database: [told("zombie", ran)] },
    });
    zombie.events.on("operationProgress", async ({ step }) => {
      if (step !== "migrate") return;
      await clock.advance(20_000);
      await healthy.tenants.repair();
    });

    const thrown = await codeThrownBy(() => zombie.tenants.create({ slug: "acme" }));

    expect(thrown).toBe("STALE_OPERATION");
    expect(ran).toEqual(["seed acme"]);
  });

  it.for([
    { creation: { database: [{ name: "verify", run: async () => {} }] } },
    { creation: { database: [{ name: "Seed", run: async () => {} }] } },
    { creation: { tenant: [{ name: "welcome" }] } },
    { creation: { tenants: [] } },
    { creation: { database: [told("one", [])], tenant: [told("one", [])] } },
    { creation: [] },
    { purging: [told("drop", [])] },
    { purging: told("export", []) },
  ])("are checked when they are configured: %#", async (options) => {
    const { join: enter } = installation();

    expect(await codeThrownBy(() => enter(options as ProvisioningOptions))).toBe(
      "INVALID_CONFIGURATION",
    );
  });
});

describe("a tenant that is made without a database", () => {
  it("C050: has none, and none is dropped with it", async () => {
    const { join: enter, databases, registry } = installation();
    const calls: string[] = [];
    const watched = watchedDatabases(databases, { before: (call) => void calls.push(call) });
    const { tenants } = await enter({ databases: watched });

    const acme = await tenants.create({ slug: "acme", database: false });
    await tenants.purge(acme.id, { skipGrace: true, dropAdopted: true });

    expect(acme.placement).toBeUndefined();
    expect(calls).toEqual([]);
    const { tenants: left, ledger } = await journalOf(registry);
    expect([left, ledger]).toEqual([[], []]);
  });

  it("F051: has none either when another process finishes its creation", async () => {
    const { join: enter, databases, registry, clock } = installation();
    const ran: string[] = [];
    const creation = { tenant: [told("welcome", ran)] };
    const dying = await enter({
      creation: {
        tenant: [
          {
            name: "welcome",
            async run() {
              await dying.tenants.close?.();
            },
          },
        ],
      },
    });
    dying.events.on("databaseCreating", () => false);
    await codeThrownBy(() => dying.tenants.create({ slug: "acme" }));
    await clock.advance(20_000);
    const calls: string[] = [];
    const watched = watchedDatabases(databases, { before: (call) => void calls.push(call) });

    const { finished } = await (await enter({ databases: watched, creation })).tenants.repair();

    expect(finished).toMatchObject([{ kind: "create", state: "done" }]);
    const { tenants, ledger } = await journalOf(registry);
    expect(tenants).toMatchObject([{ slug: "acme", status: "active", placement: undefined }]);
    expect([ledger, calls, ran]).toEqual([[], [], ["welcome acme"]]);
  });

  it("cannot be placed", async () => {
    const { join: enter } = installation();
    const { tenants } = await enter();
    const input = { slug: "acme", database: false, placement: { name: "acme" } };

    expect(await codeThrownBy(() => tenants.create(input))).toBe("INVALID_INPUT");
  });
});

describe("the application's steps of a purge", () => {
  it("run while the database is still there, and keep it when they fail", () =>
    withFolder(async (folder) => {
      const kept: string[] = [];
      let broken = true;
      const site = await start(folder, {
        purging: [
          {
            name: "export",
            async run({ tenant }) {
              if (broken) throw new RangeError("disk full");
              kept.push(...(await site.read(tenant)));
            },
          },
        ],
      });
      const acme = await site.tenancy.tenants.create({ slug: "acme" });
      await site.write(acme, 1);

      const thrown = await codeThrownBy(() =>
        site.tenancy.tenants.purge(acme.id, { skipGrace: true }),
      );
      expect(thrown).toBe("PROVISIONING_FAILED");
      expect(await site.read(acme)).toEqual(["acme 1"]);
      broken = false;
      await site.tenancy.tenants.purge(acme.id);

      expect(kept).toEqual(["acme 1"]);
      expect(await codeThrownBy(() => site.read(acme))).toBe("DATABASE_NOT_READY");
      await site.tenancy.close();
    }));
});

function told(name: string, ran: string[]): OperationStep {
  return { name, run: async ({ tenant }) => void ran.push(`${name} ${tenant.slug}`) };
}

async function start(folder: string, options: ProvisioningOptions) {
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  const db = sqlite({ folder: join(folder, "tenants"), entities: [Note] });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning(options) });
  await tenancy.start();
  return {
    registry,
    tenancy,
    write: (tenant: TenantRecord, id: number) =>
      tenancy.run(
        tenant,
        async () => void (await db.em().insert(Note, { id, text: `${tenant.slug} ${id}` })),
      ),
    read: (tenant: TenantRecord) =>
      tenancy.run(tenant, async () =>
        (await db.em().find(Note, {}, { orderBy: { id: "asc" } })).map(({ text }) => text),
      ),
  };
}
