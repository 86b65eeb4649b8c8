import {
  type ClonedTenant,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  type TenantDatabases,
} from "@af-tenancy/core";
import { describe, expect, it, vi } from "vitest";
import { provisioning } from "../src/index.ts";
import { sqliteSite } from "./crash/sqlite-engine.ts";
import { withFolder } from "./crash/with-folder.ts";
import { journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

const acme = {
  ...{ slug: "acme", name: "Acme", domains: ["acme.example.com"], plan: "gold" },
  ...{ metadata: { color: "red" }, homepage: true },
};
const slug = (value: string) => ({ by: "slug", value });

describe("clone", () => {
  it("S039: makes another tenant with the settings of its source, and none of its domains", async () => {
    const { tenancy, registry, databases } = await start();
    const source = await tenancy.tenants.create({ ...acme });
    await tenancy.run(source, async () => void databases.get().set("note", "hello"));
    const told: string[] = [];
    tenancy.events.on("tenantCreated", ({ tenant }) => void told.push(tenant.slug));

    const copy = await tenancy.central(() => tenancy.tenants.clone(slug("acme"), { slug: "copy" }));

    expect(copy).toMatchObject({
      ...{ slug: "copy", name: "copy", plan: "gold", metadata: { color: "red" }, homepage: true },
      ...{ status: "active", version: 2, placement: { generation: 1, name: expect.anything() } },
    });
    expect(copy.placement?.name).not.toBe(source.placement?.name);
    expect(await tenancy.run(copy, async () => databases.get().get("note"))).toBe("hello");
    const { tenants, ledger, outbox } = await journalOf(registry);
    expect(tenants).toHaveLength(2);
    expect(ledger.map(({ state }) => state)).toEqual(["ready", "ready"]);
    expect(told).toEqual(["copy"]);
    expect(outbox.map(({ type }) => type)).toEqual(expect.arrayContaining(["tenant.created"]));
    expect(await tenancy.find({ by: "domain", value: "acme.example.com" })).toEqual(source);
    const trail = await registry.transaction(({ audit }) => audit.list({ tenantId: copy.id }));
    expect(trail).toMatchObject([{ action: "tenant.cloned", details: { source: source.id } }]);
  });

  it("takes what it is told instead, and runs the application's steps with its own kind", async () => {
    const ran: unknown[] = [];
    const step = (name: string) => ({
      name,
      async run({ operation, tenant }: { operation: { kind: string }; tenant: { slug: string } }) {
        ran.push([name, operation.kind, tenant.slug]);
      },
    });
    const creation = { database: [step("seed")], tenant: [step("account")] };
    const { tenancy } = await start({ creation });
    await tenancy.tenants.create({ ...acme });
    ran.length = 0;

    const copy = await tenancy.tenants.clone(slug("acme"), {
      ...{ slug: "copy", id: "copy-1", name: "Copy", domains: ["copy.example.com"] },
      ...{ plan: "free", metadata: {}, homepage: false, placement: { name: "own_name" } },
    });

    expect(copy).toMatchObject({
      ...{ id: "copy-1", name: "Copy", plan: "free", metadata: {}, homepage: false },
      placement: { name: "own_name" },
    });
    expect(ran).toEqual([
      ["seed", "clone", "copy"],
      ["account", "clone", "copy"],
    ]);
  });

  it("S039: is placed as its source is, also when it is taken up again", async () => {
    const { tenancy, databases } = await start();
    const { placement } = await tenancy.tenants.create({ ...acme });
    const place = vi.spyOn(databases, "place");
    vi.spyOn(databases, "verify").mockRejectedValueOnce(new Error("not now"));

    const failed = await thrownBy(() => tenancy.tenants.clone(slug("acme"), { slug: "copy" }));
    const { finished } = await tenancy.tenants.repair();

    expect(failed).toMatchObject({ step: "verify" });
    expect(finished).toMatchObject([{ kind: "clone", state: "done" }]);
    const [driver, strategy, server] = [placement?.driver, placement?.strategy, placement?.server];
    expect(place.mock.calls.map(([, generation, wish]) => [generation, wish])).toEqual([
      [1, { driver, strategy, server }],
      [2, { driver, strategy, server }],
    ]);
  });

  it("clones a tenant without a database to one without", async () => {
    const { tenancy } = await start();
    await tenancy.tenants.create({ slug: "acme", database: false });

    const copy = await tenancy.tenants.clone(slug("acme"), { slug: "copy" });

    expect(copy).toMatchObject({ status: "active", placement: undefined });
  });

  it("gives the same tenant for the same key, also when its source is gone", async () => {
    const { tenancy } = await start();
    const source = await tenancy.tenants.create({ ...acme });
    const keyed = { slug: "copy", idempotencyKey: "demo-1" };
    const copy = await tenancy.tenants.clone(source.id, keyed);
    await tenancy.tenants.update(source.id, { metadata: { color: "blue" } });

    expect(await tenancy.tenants.clone(source.id, keyed)).toEqual(copy);
    await tenancy.tenants.purge(source.id, { skipGrace: true });
    expect(await tenancy.tenants.clone(source.id, keyed)).toEqual(copy);
    const other = () => tenancy.tenants.clone(copy.id, keyed);
    expect(await codeThrownBy(other)).toBe("IDEMPOTENCY_CONFLICT");
  });

  it.for([
    ["an unknown source", "gone", {}, "TENANT_NOT_FOUND"],
    ["a suspended source", "idle", {}, "TENANT_NOT_CLONABLE"],
    ["a deleted source", "old", {}, "TENANT_NOT_CLONABLE"],
    ["a pending source", "pool", {}, "TENANT_NOT_CLONABLE"],
    ["a taken slug", "acme", { slug: "acme" }, "SLUG_TAKEN"],
    ["a taken domain", "acme", { domains: ["acme.example.com"] }, "DOMAIN_TAKEN"],
    ["a taken id", "acme", { id: "acme" }, "TENANT_EXISTS"],
    ["an unknown field", "acme", { database: false }, "INVALID_INPUT"],
    ["another driver", "acme", { placement: { driver: "other" } }, "INVALID_INPUT"],
    ["another strategy", "acme", { placement: { strategy: "row" } }, "INVALID_INPUT"],
  ] as const)("S039: refuses %s, before anything is changed", async ([, id, wish, code]) => {
    const { tenancy, registry } = await start();
    await tenancy.tenants.create({ ...acme, id: "acme" });
    for (const one of ["idle", "old", "pool"]) await tenancy.tenants.create({ slug: one, id: one });
    await tenancy.tenants.suspend("idle");
    await tenancy.tenants.delete("old");
    await registry.transaction(({ tenants }) => tenants.update("pool", 2, { status: "pending" }));
    const before = await journalOf(registry);
    const input = { slug: "copy", ...wish } as ClonedTenant;

    expect(await codeThrownBy(() => tenancy.tenants.clone(id, input))).toBe(code);
    expect(await journalOf(registry)).toEqual(before);
  });

  it("refuses drivers that copy nothing, and listeners may refuse as well", async () => {
    const databases = memoryDatabases();
    const manager: TenantDatabases["manager"] = (placement) => {
      const own = databases.manager(placement);
      const { driver, capabilities } = own;
      return {
        ...{ driver, capabilities, create: (one) => own.create(one) },
        ...{ drop: (one) => own.drop(one), inspect: (one) => own.inspect(one) },
      };
    };
    const parts = { registry: memoryRegistry(), provisioning: provisioning() };
    const without = createTenancy({
      ...parts,
      databases: { ...plain(databases), manager },
    });
    await without.start();
    await without.tenants.create({ ...acme });
    const clone = () => without.tenants.clone(slug("acme"), { slug: "copy" });
    expect(String(await thrownBy(clone))).toMatch(/copies no such data as it is configured/);

    const { tenancy } = await start();
    await tenancy.tenants.create({ ...acme });
    tenancy.events.on("databaseCreating", ({ tenant }) => tenant.slug !== "copy" && undefined);
    const refused = () => tenancy.tenants.clone(slug("acme"), { slug: "copy" });
    expect(await codeThrownBy(refused)).toBe("VETOED");
  });

  it("is not begun by run, and no step of the application is called as one of it", async () => {
    const step = { name: "copy", run: async () => undefined };
    for (const options of [
      { creation: { database: [step] } },
      { operations: [{ kind: "clone", steps: [step] }] },
    ])
      expect(await codeThrownBy(() => provisioning(options))).toBe("INVALID_CONFIGURATION");
  });
});

describe("a clone that fails", () => {
  it("S039: stops where its source was suspended meanwhile, and goes on when that is active again", async () => {
    const { tenancy, registry, databases } = await start();
    const source = await tenancy.tenants.create({ ...acme });
    tenancy.events.on(
      "databaseCreating",
      async () => void (await tenancy.tenants.suspend(source.id)),
    );

    const thrown = await thrownBy(() => tenancy.tenants.clone(source.id, { slug: "copy" }));
    expect(thrown).toMatchObject({ step: "database", cause: { code: "TENANT_NOT_CLONABLE" } });
    expect((await tenancy.tenants.repair()).failed).toHaveLength(1);
    await tenancy.tenants.resume(source.id);
    await tenancy.run(source.id, async () => void databases.get().set("note", "newer"));

    const { finished } = await tenancy.tenants.repair();

    expect(finished).toMatchObject([{ kind: "clone", state: "done", generation: 3 }]);
    const copy = await tenancy.find(slug("copy"));
    expect(copy).toMatchObject({
      status: "active",
      placement: { generation: 3, strategy: "database" },
    });
    expect(await tenancy.run(copy?.id ?? "", async () => databases.get().get("note"))).toBe(
      "newer",
    );
    expect((await journalOf(registry)).unfinished).toEqual([]);
  });
});

describe("a clone of an adopted file", () => {
  it("S039: is an ordinary tenant with all of it, and dropped with its tenant", () =>
    withFolder(async (folder) => {
      const site = sqliteSite({ folder, engine: "sqlite" });
      await site.makeFound?.("found");
      const parts = { registry: site.registry(), databases: site.databases() };
      const tenancy = createTenancy({ ...parts, provisioning: provisioning() });
      await tenancy.start();
      const source = await tenancy.tenants.adopt({ slug: "acme", placement: { name: "found" } });

      const copy = await tenancy.tenants.clone(source.id, { slug: "copy" });

      expect(await site.notesIn?.(copy.placement?.name ?? "")).toEqual(["kept"]);
      await tenancy.tenants.purge(copy.id, { skipGrace: true });
      expect(await site.names()).toEqual(["found"]);
      expect(await site.notesIn?.("found")).toEqual(["kept"]);
      await tenancy.close();
    }));
});

async function start(options: Parameters<typeof provisioning>[0] = {}) {
  const [registry, databases] = [memoryRegistry(), memoryDatabases()];
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning(options) });
  await tenancy.start();
  return { registry, databases, tenancy };
}

/** The same databases as an object whose parts can be replaced. */
function plain(databases: TenantDatabases): TenantDatabases {
  return {
    ...{ name: "databases", bootstrapper: databases.bootstrapper },
    attach: (host) => databases.attach?.(host),
    place: (...args) => databases.place(...args),
    manager: (placement) => databases.manager(placement),
    migrate: (tenant) => databases.migrate(tenant),
    verify: (tenant) => databases.verify(tenant),
  };
}
