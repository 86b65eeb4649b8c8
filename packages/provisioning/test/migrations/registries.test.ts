import { createTenancy, memoryDatabases } from "@af-tenancy/core";
import { tenantRecord, testScale } from "@af-tenancy/testing";
import { Client } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { provisioning } from "../../src/index.ts";
import { registrySites } from "../life/registry-sites.ts";
import { gate } from "../support/gate.ts";
import { codeThrownBy } from "../support/thrown-by.ts";
import { counting, type MemoryManager, shared } from "./start-fleet.ts";

/** More than a page of tenants, and more than a batch of results. */
const size = 120 + Math.round(1_000 * testScale());
const ids = Array.from({ length: size }, (_, index) => `t${1_000 + index}`);

for (const { name, missing, make } of registrySites) {
  describe(`a plan in a registry on ${name} ${missing}`, () => {
    it.skipIf(missing !== "")(
      "X12, F071: is run by one of two processes, one failure kept apart, and resumed",
      async () => {
        const slow = gate();
        const databases = memoryDatabases({
          migrations: [
            counting("0001-notes", (rows) => {
              if (rows.has("bad")) throw new RangeError("on purpose");
              return rows.has("slow") ? slow.opened : undefined;
            }),
          ],
        });
        const place = await make();
        const join = async () => {
          const registry = place();
          const parts = { registry, databases: shared(databases), provisioning: provisioning() };
          const tenancy = createTenancy(parts);
          await tenancy.start();
          onTestFinished(() => tenancy.close());
          return { registry, fleet: tenancy.tenants.migrations };
        };
        const [{ registry, fleet }, other] = [await join(), await join()];
        const rows = (id: string) => {
          const placement = databases.place(id, 1);
          const manager = databases.manager(placement) as MemoryManager;
          return manager.find({ tenantId: id, placement })?.rows;
        };
        await registry.transaction(async ({ tenants }) => {
          for (const id of ids) {
            const placement = databases.place(id, 1);
            await databases.manager(placement).create({ tenantId: id, placement });
            await tenants.insert(tenantRecord({ id, slug: id, placement }), []);
          }
        });
        rows("t1001")?.set("bad", true);
        rows("t1002")?.set("slow", true);

        const { id } = await fleet.begin();
        const running = fleet.run(id, { concurrency: 8 });
        running.catch(() => undefined);
        // All but the slow one are written while that one still runs.
        await vi.waitUntil(async () => (await fleet.report(id)).counts.waiting === 1, 20_000);
        const held = await codeThrownBy(() => other.fleet.run(id));
        slow.open();
        const report = await running;
        rows("t1001")?.delete("bad");
        await other.fleet.release(id);
        const again = await other.fleet.run(id);

        expect(held).toBe("MIGRATION_PLAN_HELD");
        expect(report).toMatchObject({
          verdict: "failed",
          counts: { done: size - 1, quarantined: 1 },
        });
        expect(again).toMatchObject({ verdict: "done", counts: { done: size } });
        expect(ids.map((one) => rows(one)?.get("0001-notes"))).toEqual(ids.map(() => 1));
        expect(await fleet.summary()).toMatchObject({ upToDate: size, behind: 0 });
        const changes = await registry.transaction(({ outbox }) => outbox.readAfter(0, 5_000));
        expect(changes.map(({ tenantId }) => tenantId).sort()).toEqual(ids);
        expect(await registry.store.find({ by: "id", value: "t1000" })).toMatchObject({
          ...{ version: 2, schemaVersion: "0001-notes" },
        });
      },
    );
  });
}

describe("checking a fleet of PostgreSQL schemas that is up to date", () => {
  const site = registrySites.find(({ name }) => name === "PostgreSQL");

  it.skipIf(site?.missing !== "")(
    "takes a number of queries that does not grow with it, and opens no tenant's database",
    async () => {
      const place = await site?.make();
      if (place === undefined) return;
      const databases = memoryDatabases({
        ...{ driver: "postgresql", migrations: [counting("0001-notes")] },
      });
      const parts = { registry: place(), databases, provisioning: provisioning() };
      const tenancy = createTenancy(parts);
      await tenancy.start();
      onTestFinished(() => tenancy.close());
      const queries = vi.spyOn(Client.prototype, "query");
      onTestFinished(() => queries.mockRestore());
      const asked = async (work: () => Promise<unknown>) => {
        queries.mockClear();
        await work();
        return queries.mock.calls.length;
      };
      const add = (from: number, to: number) =>
        place.query(
          "insert into tenants (id, slug, name, status, version, metadata, homepage, schema_version, access, " +
            "placement_driver, placement_strategy, placement_server, placement_name, placement_generation, " +
            "created_at, updated_at) select 't' || n, 't' || n, '', 'active', 1, '{}', false, '0001-notes', " +
            "'read-write', 'postgresql', 'schema', 'default', 't_' || n || '_g1', 1, 0, 0 " +
            `from generate_series(${from}, ${to}) n`,
        );
      const { migrations } = tenancy.tenants;

      await add(1, 10);
      const few = [await asked(() => migrations.summary()), await asked(() => migrations.begin())];
      await add(11, 1_000);
      const many = [await asked(() => migrations.summary()), await asked(() => migrations.begin())];
      const report = await migrations.run((await migrations.begin()).id);

      expect(few[0]).toBeGreaterThan(0);
      expect(many).toEqual(few);
      expect(report).toMatchObject({ verdict: "done", counts: { upToDate: 1_000, done: 0 } });
    },
  );
});
