import { writeFileSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import {
  type AdoptedTenant,
  type CentralRegistry,
  createTenancy,
  memoryDatabases,
  memoryRegistry,
  type Tenancy,
  type TenantDatabases,
} from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { describe, expect, it } from "vitest";
import { type ProvisioningOptions, provisioning } from "../src/index.ts";
import { noteEntity } from "./crash/note.ts";
import { sqliteSite } from "./crash/sqlite-engine.ts";
import { withFolder } from "./crash/with-folder.ts";
import { type Journal, journalOf } from "./support/journal-of.ts";
import { codeThrownBy, thrownBy } from "./support/thrown-by.ts";

const old: AdoptedTenant = { slug: "acme", placement: { name: "old" } };

describe("adopt", () => {
  it("makes a tenant of a database that is there, with all its rows", () =>
    withSite(async ({ start, notes }) => {
      const { tenancy, journal } = await start();
      const told: string[] = [];
      tenancy.events.on("tenantCreated", ({ tenant }) => void told.push(tenant.slug));

      const acme = await tenancy.tenants.adopt({ ...old, domains: ["acme.example.com"] });

      expect(acme).toMatchObject({ status: "active", placement: { name: "old", generation: 1 } });
      expect(await tenancy.find({ by: "domain", value: "acme.example.com" })).toEqual(acme);
      expect(await notes("old")).toEqual(["kept"]);
      expect(told).toEqual(["acme"]);
      const { ledger, unfinished } = await journal();
      expect(ledger).toEqual([{ tenantId: acme.id, placement: acme.placement, state: "adopted" }]);
      expect(unfinished).toEqual([]);
    }));

  it.for([
    ["a name that nothing has", { placement: { name: "gone" } }, "INVALID_INPUT"],
    [
      "a strategy of shared tables",
      { placement: { name: "old", strategy: "row" } },
      "INVALID_INPUT",
    ],
    ["a driver that is not there", { placement: { name: "old", driver: "x" } }, "UNKNOWN_DRIVER"],
    ["a tenant without a database", { database: false }, "INVALID_INPUT"],
    ["another tenant's database", { placement: { name: "theirs" } }, "DATABASE_OWNED"],
    ["another tenant's slug", { slug: "globex" }, "SLUG_TAKEN"],
  ] as const)("F058: refuses %s, before anything is changed", ([, wish, code]) =>
    withSite(async ({ start, notes }) => {
      const { tenancy, journal } = await start();
      await tenancy.tenants.create({ slug: "globex", placement: { name: "theirs" } });
      const before = await journal();

      const thrown = await codeThrownBy(() =>
        tenancy.tenants.adopt({ ...old, ...wish } as AdoptedTenant),
      );

      expect(thrown).toBe(code);
      expect(await journal()).toEqual(before);
      expect(await notes("old")).toEqual(["kept"]);
    }),
  );

  it("asks for a name, and takes none of its own making", () =>
    withSite(async ({ start }) => {
      const { tenancy } = await start();
      const unnamed = { slug: "acme", placement: {} } as AdoptedTenant;

      const thrown = await thrownBy(() => tenancy.tenants.adopt(unnamed));

      expect(String(thrown)).toMatch(/"placement\.name" cannot be .*name the database/);
    }));

  it("refuses drivers that adopt nothing", async () => {
    const parts = { registry: memoryRegistry(), databases: memoryDatabases() };
    const tenancy = createTenancy({ ...parts, provisioning: provisioning() });
    await tenancy.start();

    const thrown = await thrownBy(() => tenancy.tenants.adopt(old));

    expect(String(thrown)).toMatch(/"placement\.strategy" .*adopts no such database/);
    expect((await journalOf(parts.registry)).ledger).toEqual([]);
  });

  it("asks the listeners, who may refuse", () =>
    withSite(async ({ start }) => {
      const { tenancy, journal } = await start();
      tenancy.events.on("tenantCreating", ({ input }) => input.slug !== "acme" && undefined);

      expect(await codeThrownBy(() => tenancy.tenants.adopt(old))).toBe("VETOED");
      expect((await journal()).tenants).toEqual([]);
    }));

  it("F058: gives a database to one of two tenants, also before it is marked", () =>
    withSite(async ({ start, site }) => {
      const { tenancy, journal } = await start();
      writeFileSync(join(site, "tenants", "broken.sqlite"), "no database, but long enough for one");
      const broken = { placement: { name: "broken" } };
      await thrownBy(() => tenancy.tenants.adopt({ slug: "acme", ...broken }));

      const thrown = await codeThrownBy(() => tenancy.tenants.adopt({ slug: "globex", ...broken }));

      expect(thrown).toBe("DATABASE_OWNED");
      expect((await journal()).tenants).toMatchObject([{ slug: "acme", status: "failed" }]);
    }));

  it("C048: runs the application's steps for the tenant, and none for a new database", () =>
    withSite(async ({ start }) => {
      const ran: string[] = [];
      const step = (name: string) => ({ name, run: async () => void ran.push(name) });
      const creation = { database: [step("seed")], tenant: [step("account")] };
      const { tenancy } = await start({ creation });
      const told: string[] = [];
      tenancy.events.on("operationProgress", ({ step: name }) => void told.push(name));

      await tenancy.tenants.adopt(old);

      expect(ran).toEqual(["account"]);
      expect(told).toEqual(["adopt", "migrate", "verify", "account", "activate"]);
    }));

  it("gives the same tenant for the same key, and refuses the key for anything else", () =>
    withSite(async ({ start }) => {
      const { tenancy } = await start();
      const keyed = { ...old, idempotencyKey: "import-1" };
      const acme = await tenancy.tenants.adopt(keyed);

      expect(await tenancy.tenants.adopt(keyed)).toEqual(acme);
      for (const other of [
        () => tenancy.tenants.adopt({ ...keyed, slug: "globex" }),
        () => tenancy.tenants.create({ slug: "acme", idempotencyKey: "import-1" }),
      ]) {
        expect(await codeThrownBy(other)).toBe("IDEMPOTENCY_CONFLICT");
      }
    }));

  it("F058: refuses a database that bears the marker of a tenant which this registry does not know", () =>
    withSite(async ({ start, site }) => {
      const first = await start();
      await first.tenancy.tenants.adopt(old);
      await first.tenancy.close();
      const { tenancy, journal } = await start({}, join(site, "another.sqlite"));

      expect(await codeThrownBy(() => tenancy.tenants.adopt(old))).toBe("DATABASE_OWNED");
      expect(await journal()).toEqual({ tenants: [], unfinished: [], ledger: [], outbox: [] });
    }));

  it("takes the database of the same tenant from an earlier registry under the next generation", () =>
    withSite(async ({ start, site }) => {
      const first = await start();
      await first.tenancy.tenants.adopt({ ...old, id: "acme-1" });
      await first.tenancy.close();
      const { tenancy } = await start({}, join(site, "another.sqlite"));

      const acme = await tenancy.tenants.adopt({ ...old, id: "acme-1" });

      expect(acme.placement?.generation).toBe(2);
      expect(await codeThrownBy(() => tenancy.tenants.adopt({ ...old, id: "acme-1" }))).toBe(
        "TENANT_EXISTS",
      );
    }));
});

describe("an adoption that fails", () => {
  it("F052: is failed at its step, keeps the database, and is continued by repair", () =>
    withSite(async ({ start, notes }) => {
      let isDown = true;
      const account = {
        name: "account",
        async run() {
          if (isDown) throw new TypeError("down");
        },
      };
      const { tenancy, journal } = await start({ creation: { tenant: [account] } });
      const thrown = await thrownBy(() => tenancy.tenants.adopt(old));
      const failed = await tenancy.tenants.repair();
      isDown = false;

      const { finished, swept } = await tenancy.tenants.repair();

      expect(thrown).toMatchObject({ code: "PROVISIONING_FAILED", step: "account" });
      expect(failed).toMatchObject({ finished: [], failed: [{ kind: "adopt" }], swept: [] });
      expect(finished).toMatchObject([{ kind: "adopt", state: "done", generation: 3 }]);
      expect(swept).toEqual([]);
      const { tenants, ledger } = await journal();
      expect(tenants).toMatchObject([{ status: "active", placement: { name: "old" } }]);
      expect(ledger).toMatchObject([{ state: "adopted", placement: { generation: 3 } }]);
      expect(await notes("old")).toEqual(["kept"]);
    }));

  it("is continued by the same call, at the step that failed and in the same generation", () =>
    withSite(async ({ start }) => {
      let isDown = true;
      const account = {
        name: "account",
        async run() {
          if (isDown) throw new TypeError("down");
        },
      };
      const { tenancy } = await start({ creation: { tenant: [account] } });
      const keyed = { ...old, idempotencyKey: "import-1" };
      await thrownBy(() => tenancy.tenants.adopt(keyed));
      const told: string[] = [];
      tenancy.events.on("operationProgress", ({ step }) => void told.push(step));
      isDown = false;

      const acme = await tenancy.tenants.adopt(keyed);

      expect(acme).toMatchObject({ status: "active", placement: { generation: 1 } });
      expect(told).toEqual(["account", "activate"]);
    }));

  it.for(["old", "linked"])(
    "keeps %s when it is purged instead, and the ledger forgets it",
    (name) =>
      withSite(async ({ start, notes, site }) => {
        await symlink(join(site, "tenants", "old.sqlite"), join(site, "tenants", "linked.sqlite"));
        const down = { name: "down", run: () => Promise.reject(new TypeError("down")) };
        const { tenancy, journal } = await start({ creation: { tenant: [down] } });
        await thrownBy(() => tenancy.tenants.adopt({ ...old, placement: { name } }));

        await tenancy.tenants.purge({ by: "slug", value: "acme" }, { skipGrace: true });
        const report = await tenancy.tenants.repair();

        expect(report).toEqual({ finished: [], failed: [], swept: [] });
        expect(await journal()).toMatchObject({ tenants: [], ledger: [], unfinished: [] });
        expect(await notes("old")).toEqual(["kept"]);
      }),
  );

  it("is discarded where its tenant is no longer one that begins", () =>
    withSite(async ({ start }) => {
      const down = { name: "down", run: () => Promise.reject(new TypeError("down")) };
      const { tenancy, journal, registry } = await start({ creation: { tenant: [down] } });
      await thrownBy(() => tenancy.tenants.adopt(old));
      const [acme] = (await journal()).tenants;
      await registry.transaction(({ tenants }) =>
        tenants.update(acme?.id ?? "", acme?.version ?? 0, { status: "active" }),
      );

      const { finished } = await tenancy.tenants.repair();

      expect(finished).toMatchObject([{ kind: "adopt", state: "discarded" }]);
      expect((await journal()).tenants).toMatchObject([{ placement: { generation: 1 } }]);
    }));

  it("F053: looks whether the marker is there, and goes no further without it", () =>
    withSite(async ({ start }) => {
      const { tenancy, journal } = await start({}, undefined, (databases) => {
        const { manager } = databases;
        const unmarking: typeof manager = (placement) => ({
          ...manager.call(databases, placement),
          adopt: async () => undefined,
        });
        return Object.assign(databases, { manager: unmarking });
      });

      const thrown = await thrownBy(() => tenancy.tenants.adopt(old));

      expect(thrown).toMatchObject({ step: "adopt", cause: { code: "DATABASE_NOT_READY" } });
      expect((await journal()).tenants).toMatchObject([{ status: "failed" }]);
    }));

  it("is dropped where the purge says so, also after it was taken over", () =>
    withSite(async ({ start, names }) => {
      const down = { name: "down", run: () => Promise.reject(new TypeError("down")) };
      const { tenancy } = await start({ creation: { tenant: [down] } });
      await thrownBy(() => tenancy.tenants.adopt(old));
      await tenancy.tenants.repair();

      const acme = { by: "slug", value: "acme" };
      await tenancy.tenants.purge(acme, { skipGrace: true, dropAdopted: true });

      expect(await names()).toEqual([]);
    }));

  it("is dropped where the purge says so, also after it was adopted to the end", () =>
    withSite(async ({ start, names }) => {
      const { tenancy } = await start();
      const { id } = await tenancy.tenants.adopt(old);

      await tenancy.tenants.purge(id, { skipGrace: true, dropAdopted: true });

      expect(await names()).toEqual([]);
    }));
});

it("is not begun by run, and no operation or step of the application is called so", async () => {
  const step = { name: "adopt", run: async () => undefined };

  expect(await codeThrownBy(() => provisioning({ creation: { tenant: [step] } }))).toBe(
    "INVALID_CONFIGURATION",
  );
  const operations = [{ kind: "adopt", steps: [step] }];
  expect(await codeThrownBy(() => provisioning({ operations }))).toBe("INVALID_CONFIGURATION");
});

interface TestSite {
  readonly site: string;
  start(
    options?: ProvisioningOptions,
    registry?: string,
    changed?: (databases: TenantDatabases) => TenantDatabases,
  ): Promise<Started>;
  notes(name: string): Promise<readonly string[] | undefined>;
  names(): Promise<readonly string[]>;
}

interface Started {
  readonly tenancy: Tenancy;
  readonly registry: CentralRegistry;
  journal(): Promise<Journal>;
}

/** A folder with the file `old`, which is nobody's and has one note in it. */
function withSite(work: (site: TestSite) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const engine = sqliteSite({ folder, engine: "sqlite" });
    await engine.makeFound?.("old");
    const started: Tenancy[] = [];
    await work({
      site: folder,
      async start(options = {}, file = join(folder, "registry.sqlite"), changed = (all) => all) {
        const registry = sqliteRegistry({ file });
        const tenants = join(folder, "tenants");
        const databases = changed(sqlite({ folder: tenants, entities: [noteEntity()] }));
        const tenancy = createTenancy({ registry, databases, provisioning: provisioning(options) });
        started.push(tenancy);
        await tenancy.start();
        return { tenancy, registry, journal: () => journalOf(registry) };
      },
      notes: async (name) => engine.notesIn?.(name),
      names: () => engine.names(),
    });
    for (const tenancy of started) await tenancy.close();
  });
}
