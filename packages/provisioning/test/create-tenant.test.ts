import {
  isTenancyError,
  type Placement,
  ProvisioningError,
  type RegistryTransaction,
  SlugTakenError,
  type TenancyEventMap,
  type TenantDatabase,
  type TenantRecord,
} from "@af-tenancy/core";
import { describe, expect, it, vi } from "vitest";
import { gate } from "./support/gate.ts";
import { installation } from "./support/installation.ts";
import { journalOf } from "./support/journal-of.ts";
import { restlessRegistry } from "./support/restless-registry.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";
import { watchedDatabases } from "./support/watched-databases.ts";

describe("create", () => {
  it("gives an active tenant whose database is migrated and verified", async () => {
    const { join, registry, databases } = installation();
    const { tenants } = await join();

    const acme = await tenants.create({
      slug: "acme",
      name: "Acme Inc.",
      domains: ["acme.example.com", "shop.acme.com"],
      plan: "gold",
      metadata: { seats: 3, nested: { deep: [true, null] } },
    });

    expect(acme).toMatchObject({
      slug: "acme",
      name: "Acme Inc.",
      status: "active",
      plan: "gold",
      metadata: { seats: 3, nested: { deep: [true, null] } },
      access: "read-write",
      placement: { driver: "memory", generation: 1 },
      createdAt: 1_000_000,
    });
    expect(await registry.store.find({ by: "domain", value: "shop.acme.com" })).toEqual(acme);
    await databases.verify(acme);
  });

  it("F058: refuses a name that another tenant's database has, before anything is written", async () => {
    const { join, registry, databases } = installation();
    const { tenants } = await join();
    const victim = await tenants.create({ slug: "victim" });
    const before = await journalOf(registry);
    const { name } = victim.placement ?? { name: "" };

    const code = await codeThrownBy(() => tenants.create({ slug: "thief", placement: { name } }));

    expect(code).toBe("DATABASE_OWNED");
    expect(await journalOf(registry)).toEqual(before);
    await databases.verify(victim);
    await tenants.purge(victim.id, { skipGrace: true });
    expect(
      await databases.manager(victim.placement as Placement).inspect(ownOf(victim)),
    ).toBeUndefined();
  });

  it("gives what was not said a default: an id of time order, the slug as name, no domain", async () => {
    const { join, registry } = installation();
    const { tenants } = await join();

    const acme = await tenants.create({ slug: "acme" });
    const globex = await tenants.create({ slug: "globex" });

    expect(acme).toMatchObject({ name: "acme", plan: undefined, metadata: {} });
    expect(acme.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(acme.id < globex.id).toBe(true);
    const domains = await registry.transaction((one) => one.tenants.domains(acme.id));
    expect(domains).toEqual([]);
  });

  it("writes a journal that is done, a ledger entry that is ready, and both changes", async () => {
    const { join, registry } = installation();
    const { tenants } = await join();

    const acme = await tenants.create({ slug: "acme", domains: ["acme.example.com"] });

    const { unfinished, ledger, outbox } = await journalOf(registry);
    const names = { slugs: ["acme"], domains: ["acme.example.com"] };
    expect(unfinished).toEqual([]);
    expect(ledger).toEqual([{ tenantId: acme.id, placement: acme.placement, state: "ready" }]);
    expect(outbox).toMatchObject([
      { type: "tenant.creating", tenantId: acme.id, version: 1, payload: names },
      { type: "tenant.created", tenantId: acme.id, version: 2, payload: names },
    ]);
  });

  it("needs two commits and no more: the intent, and all that was done", async () => {
    const { join, registry } = installation();
    let commits = 0;
    const counted = {
      ...registry,
      name: "counted",
      store: registry.store,
      changes: registry.changes,
      async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
        commits += 1;
        return registry.transaction(work);
      },
    };
    const { tenants } = await join({ registry: counted });

    await tenants.create({ slug: "acme" });

    expect(commits).toBe(2);
  });

  it("makes nothing visible before it is ready", async () => {
    const { join, databases, registry } = installation();
    const [reached, goOn] = [gate(), gate()];
    const watched = watchedDatabases(databases, {
      async before(call) {
        if (call !== "verify") return;
        reached.open();
        await goOn.opened;
      },
    });
    const { tenants } = await join({ databases: watched });

    const creating = tenants.create({ slug: "acme" });
    await reached.opened;

    const during = await registry.store.find({ by: "slug", value: "acme" });
    expect(during?.status).toBe("provisioning");
    goOn.open();
    expect((await creating).status).toBe("active");
  });

  it("places the database where the caller wishes", async () => {
    const { join } = installation();
    const { tenants } = await join();

    const acme = await tenants.create({ slug: "acme", placement: { name: "legacy_acme" } });

    expect(acme.placement).toMatchObject({ name: "legacy_acme", generation: 1 });
  });

  it("refuses a wish that cannot be met before anybody is told and anything is written", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    let told = 0;
    tenancy.events.on("tenantCreating", () => {
      told += 1;
    });

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.create({ slug: "acme", placement: { server: "mars" } }),
    );

    expect(thrown).toBe("INVALID_INPUT");
    expect(told).toBe(0);
    expect(await journalOf(registry)).toEqual({
      tenants: [],
      unfinished: [],
      ledger: [],
      outbox: [],
    });
  });

  it("uses the application's own ids, and refuses one that cannot be an id", async () => {
    const { join } = installation();
    const good = await join({ generateId: () => "acme-1" });
    const bad = await join({ generateId: () => "../acme" });

    const acme = await good.tenants.create({ slug: "acme" });

    expect(acme.id).toBe("acme-1");
    expect(await codeThrownBy(() => bad.tenants.create({ slug: "globex" }))).toBe(
      "INVALID_CONFIGURATION",
    );
  });

  it("never uses an id, a slug or a domain twice", async () => {
    const { join } = installation();
    const { tenants } = await join();
    await tenants.create({ id: "one", slug: "acme", domains: ["acme.example.com"] });

    const codes = [
      await codeThrownBy(() => tenants.create({ id: "one", slug: "other" })),
      await codeThrownBy(() => tenants.create({ id: "two", slug: "acme" })),
      await codeThrownBy(() => tenants.create({ slug: "x", domains: ["acme.example.com"] })),
    ];

    expect(codes).toEqual(["TENANT_EXISTS", "SLUG_TAKEN", "DOMAIN_TAKEN"]);
    expect((await tenants.create({ slug: "x" })).status).toBe("active");
  });

  it("F055: of twenty creates of one slug one succeeds, and there is one database", async () => {
    const { join, registry } = installation();
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on("warning", warn);
    const [one, other] = [await join(), await join()];

    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).tenants.create({ slug: "acme", domains: ["a.example"] }),
      ),
    );

    const reasons = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(reasons).toHaveLength(19);
    for (const reason of reasons) expect(reason).toBeInstanceOf(SlugTakenError);
    const { tenants, ledger, unfinished } = await journalOf(registry);
    expect([tenants.length, ledger.length, unfinished.length]).toEqual([1, 1, 0]);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });

  it("makes many tenants at the same time without a warning", async () => {
    const { join, registry } = installation();
    const warnings: unknown[] = [];
    const warn = (warning: unknown) => warnings.push(warning);
    process.on("warning", warn);
    const { tenants } = await join();

    await Promise.all(
      Array.from({ length: 30 }, (_, index) => tenants.create({ slug: `tenant-${index}` })),
    );

    await new Promise(setImmediate);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
    expect((await journalOf(registry)).tenants).toHaveLength(30);
  });

  it("tells of each step when it is done, with its place and its time", async () => {
    const { join, clock, databases } = installation();
    const watched = watchedDatabases(databases, {
      before: (call) => (call === "migrate" ? clock.advance(70) : undefined),
    });
    const tenancy = await join({ databases: watched });
    const told: unknown[] = [];
    tenancy.events.on("operationProgress", ({ operation, ...progress }) => {
      told.push({ ...progress, done: operation.done.length });
    });

    await tenancy.tenants.create({ slug: "acme" });

    expect(told).toEqual([
      { step: "database", position: 1, steps: 4, milliseconds: 0, done: 1 },
      { step: "migrate", position: 2, steps: 4, milliseconds: 70, done: 2 },
      { step: "verify", position: 3, steps: 4, milliseconds: 0, done: 3 },
      { step: "activate", position: 4, steps: 4, milliseconds: 0, done: 4 },
    ]);
  });

  it("goes on when a listener of its progress throws, and tells of that", async () => {
    const { join } = installation();
    const tenancy = await join();
    const failures: TenancyEventMap["failure"][] = [];
    const mistake = new TypeError("no such screen");
    tenancy.events.on("failure", (event) => void failures.push(event));
    tenancy.events.on("operationProgress", ({ step }) => {
      if (step === "verify") throw mistake;
    });

    const acme = await tenancy.tenants.create({ slug: "acme" });

    expect(acme.status).toBe("active");
    expect(failures).toEqual([{ error: mistake, tenantId: acme.id, origin: {} }]);
  });

  it("tells that the tenant is there, and gives on what a listener of that throws", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    const mistake = new TypeError("no welcome mail");
    const created: string[] = [];
    tenancy.events.on("tenantCreated", ({ tenant }) => {
      created.push(tenant.status);
      throw mistake;
    });

    const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

    expect(thrown).toBe(mistake);
    expect(created).toEqual(["active"]);
    expect((await journalOf(registry)).tenants).toMatchObject([{ status: "active" }]);
  });

  it("C014: works inside another tenant, whose context no step and no progress listener sees", async () => {
    const { join, databases } = installation();
    const seen: unknown[] = [];
    const watched = watchedDatabases(databases, {
      before: () => void seen.push(tenancy.current()),
    });
    const tenancy = await join({ databases: watched });
    tenancy.events.on("operationProgress", () => void seen.push(tenancy.current()));
    const acme = await tenancy.tenants.create({ slug: "acme" });

    const globex = await tenancy.run(acme, () => tenancy.tenants.create({ slug: "globex" }));

    expect(globex.status).toBe("active");
    expect(seen).toHaveLength(14);
    expect(new Set(seen)).toEqual(new Set([null]));
  });
});

describe("listeners of tenantCreating", () => {
  it("C017: a listener vetoes a create, and nothing is written", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    tenancy.events.on("tenantCreating", ({ input }) => (input.slug === "acme" ? false : undefined));

    const thrown = await codeThrownBy(() =>
      tenancy.tenants.create({ slug: "acme", idempotencyKey: "k" }),
    );

    expect(thrown).toBe("VETOED");
    expect(await journalOf(registry)).toEqual({
      tenants: [],
      unfinished: [],
      ledger: [],
      outbox: [],
    });
  });

  it("C017: one who does not veto sees the whole input and cannot change it", async () => {
    const { join } = installation();
    const tenancy = await join();
    const input = { slug: "acme", metadata: { list: [1] }, domains: ["acme.example.com"] };
    const seen: unknown[] = [];
    tenancy.events.on("tenantCreating", (event) => {
      seen.push(event.input);
      expect(Object.isFrozen(event.input)).toBe(true);
      expect(Object.isFrozen(event.input.metadata?.list)).toBe(true);
      input.metadata.list.push(2);
      input.slug = "evil";
    });

    const acme = await tenancy.tenants.create(input);

    expect(seen).toEqual([
      { slug: "acme", metadata: { list: [1] }, domains: ["acme.example.com"] },
    ]);
    expect(acme).toMatchObject({ slug: "acme", metadata: { list: [1] } });
  });

  it("C018: listeners run synchronously, in the order they were added, before anything is written", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    const order: string[] = [];
    tenancy.events.on("tenantCreating", async () => {
      order.push("first begins");
      await new Promise(setImmediate);
      order.push(`first ends with ${(await journalOf(registry)).tenants.length} tenants`);
    });
    tenancy.events.on("tenantCreating", () => void order.push("second"));
    tenancy.events.on("tenantCreated", () => void order.push("created"));

    await tenancy.tenants.create({ slug: "acme" });

    expect(order).toEqual(["first begins", "first ends with 0 tenants", "second", "created"]);
  });

  it("C018: a listener that throws stops the create, and those after it are not asked", async () => {
    const { join, registry } = installation();
    const tenancy = await join();
    const mistake = new TypeError("no");
    let asked = false;
    tenancy.events.on("tenantCreating", () => {
      throw mistake;
    });
    tenancy.events.on("tenantCreating", () => {
      asked = true;
    });

    const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

    expect([thrown, asked]).toEqual([mistake, false]);
    expect((await journalOf(registry)).tenants).toEqual([]);
  });
});

describe("a step that fails", () => {
  it.each(["create", "migrate", "verify"] as const)(
    "F052: leaves a failed tenant and operation when %s throws, and says where",
    async (failing) => {
      const { join, registry, databases } = installation();
      const cause = new TypeError("connect to postgres://root:hunter2@db failed");
      const watched = watchedDatabases(databases, {
        before(call) {
          if (call === failing) throw cause;
        },
      });
      const { tenants } = await join({ databases: watched });

      const thrown = await thrownBy(() => tenants.create({ slug: "acme" }));

      const step = failing === "create" ? "database" : failing;
      const journal = await journalOf(registry);
      expect(thrown).toBeInstanceOf(ProvisioningError);
      expect(thrown).toMatchObject({ step, cause, operationId: journal.unfinished[0]?.id });
      expect(journal.tenants).toMatchObject([{ slug: "acme", status: "failed" }]);
      expect(journal.unfinished).toMatchObject([{ state: "failed", leaseOwner: undefined }]);
      expect(journal.unfinished[0]?.error).toBe(
        `${step}: TypeError; the process that ran it has the details`,
      );
      expect(JSON.stringify(journal)).not.toContain("hunter2");
      expect(journal.outbox.at(-1)).toMatchObject({ type: "tenant.failed", version: 2 });
    },
  );

  it("takes nothing back: the database that is there stays, and repair decides", async () => {
    const { join, databases } = installation();
    const calls: string[] = [];
    const watched = watchedDatabases(databases, {
      before(call) {
        calls.push(call);
        if (call === "verify") throw new TypeError("no");
      },
    });
    const { tenants } = await join({ databases: watched });

    await thrownBy(() => tenants.create({ slug: "acme" }));

    expect(calls).toEqual(["create", "migrate", "verify"]);
  });

  it("F058: refuses a database that is there already and belongs to somebody else", async () => {
    const { join, databases, registry } = installation();
    const { tenants } = await join();
    const placement = databases.place("old", 1, { name: "taken" });
    await databases.manager(placement).create({ tenantId: "old", placement });

    const thrown = await thrownBy(() =>
      tenants.create({ slug: "acme", placement: { name: "taken" } }),
    );

    expect(thrown).toMatchObject({ step: "database", cause: { code: "DATABASE_OWNED" } });
    const found = await databases.manager(placement).inspect({ tenantId: "old", placement });
    expect(found?.owner).toEqual({ tenantId: "old", generation: 1 });
    expect((await journalOf(registry)).unfinished[0]?.error).toMatch(/^database: DATABASE_OWNED: /);
  });

  it.each([
    ["nothing", undefined, "DATABASE_NOT_READY"],
    ["another tenant's", { tenantId: "other", generation: 1 }, "DATABASE_OWNED"],
    ["another generation's", { tenantId: "acme-1", generation: 2 }, "DATABASE_OWNED"],
  ])("does not believe a manager that made %s", async (_what, owner, code) => {
    const { join, databases } = installation();
    const lying = watchedDatabases(databases, {});
    const { tenants } = await join({
      databases: {
        ...lying,
        manager: (placement) => ({
          ...lying.manager(placement),
          async create() {
            if (owner === undefined) return;
            const { tenantId, generation } = owner;
            const other = { tenantId, placement: { ...placement, generation } };
            await lying.manager(placement).create(other);
          },
        }),
      },
    });

    const thrown = await thrownBy(() => tenants.create({ slug: "acme", id: "acme-1" }));

    expect(thrown).toMatchObject({ step: "migrate", cause: { code } });
  });

  it("a tenant whose attributes are changed meanwhile becomes active with the change", async () => {
    const { join, databases, registry } = installation();
    const watched = watchedDatabases(databases, {
      async before(call) {
        if (call !== "verify") return;
        await tenancy.tenants.update({ by: "slug", value: "acme" }, { plan: "gold" });
      },
    });
    const tenancy = await join({ databases: watched });

    const acme = await tenancy.tenants.create({ slug: "acme" });

    expect(acme).toMatchObject({ status: "active", plan: "gold", version: 3 });
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });

  it("reads the tenant before each step that acts outside the registry, and not again to write what came of it", async () => {
    const { join, registry } = installation();
    const read = vi.spyOn(registry.store, "find");
    const { tenants } = await join();

    const { id } = await tenants.create({ slug: "acme" });

    const byId = read.mock.calls.filter(([{ value }]) => value === id);
    // To make the database, to migrate and to verify it; and what the caller is given.
    expect(byId).toHaveLength(4);
  });

  it.each([false, true])(
    "survives that somebody changes the tenant between each read and write (failing: %s)",
    async (isFailing) => {
      const { join, databases, registry } = installation();
      let left = 0;
      const watched = watchedDatabases(databases, {
        async before(call) {
          if (call !== "verify") return;
          // What this step was given is what the first attempt writes; the others read the tenant.
          const begun = await registry.store.find({ by: "slug", value: "acme" });
          await registry.transaction(({ tenants }) =>
            tenants.update(begun?.id ?? "", 1, { plan: "plan-0" }),
          );
          left = 2;
          if (isFailing) throw new TypeError("down");
        },
      });
      const restless = restlessRegistry(registry, () => left--);
      const { tenants } = await join({ databases: watched, registry: restless });

      await thrownBy(() => tenants.create({ slug: "acme" }));

      left = 0;
      const found = await registry.store.find({ by: "slug", value: "acme" });
      expect(found?.status).toBe(isFailing ? "failed" : "active");
      expect(found?.version).toBe(5);
    },
  );

  it("does not touch a tenant that went on to another status meanwhile", async () => {
    for (const isFailing of [false, true]) {
      const { join, databases, registry } = installation();
      const watched = watchedDatabases(databases, {
        async before(call) {
          if (call !== "verify") return;
          const found = await registry.store.find({ by: "slug", value: "acme" });
          await registry.transaction(({ tenants }) =>
            tenants.update(found?.id ?? "", 1, { status: "deleting" }),
          );
          if (isFailing) throw new TypeError("down");
        },
      });
      const { tenants } = await join({ databases: watched });

      const code = await codeThrownBy(() => tenants.create({ slug: "acme" }));

      expect(code).toBe(isFailing ? "PROVISIONING_FAILED" : "STALE_OPERATION");
      expect((await journalOf(registry)).tenants).toMatchObject([
        { status: "deleting", version: 2 },
      ]);
    }
  });

  it("warns when even the listener of failures throws, and goes on", async () => {
    const { join } = installation();
    const tenancy = await join();
    const [mistake, second] = [new TypeError("no such screen"), new TypeError("no such log")];
    const warned = new Promise((resolve) => process.once("warning", resolve));
    tenancy.events.on("failure", () => {
      throw second;
    });
    tenancy.events.on("operationProgress", ({ step }) => {
      if (step === "verify") throw mistake;
    });

    const acme = await tenancy.tenants.create({ slug: "acme" });

    expect(acme.status).toBe("active");
    expect(await warned).toBe(second);
  });

  it("surfaces the step's error also when the journal cannot be written, and tells of the other", async () => {
    const { join, databases, registry } = installation();
    let isDown = false;
    const cause = new TypeError("disk");
    const watched = watchedDatabases(databases, {
      before(call) {
        if (call !== "migrate") return;
        isDown = true;
        throw cause;
      },
    });
    const failing = {
      ...registry,
      name: "failing",
      store: registry.store,
      changes: registry.changes,
      transaction: <R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> =>
        isDown ? Promise.reject(new RangeError("down")) : registry.transaction(work),
    };
    const tenancy = await join({ databases: watched, registry: failing });
    const told: unknown[] = [];
    tenancy.events.on("failure", ({ error }) => void told.push(error));

    const thrown = await thrownBy(() => tenancy.tenants.create({ slug: "acme" }));

    expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", cause });
    expect(told).toEqual([new RangeError("down")]);
    expect(isTenancyError(thrown)).toBe(true);
  });
});

function ownOf({ id: tenantId, placement }: TenantRecord): TenantDatabase {
  return { tenantId, placement: placement as Placement };
}
