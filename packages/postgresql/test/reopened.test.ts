import type { TenantRecord } from "@af-tenancy/core";
import { describe, expect, it, vi } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "").each(["database", "schema"] as const)(
  `connections that are opened anew for a warm tenant with a %s${withServer}`,
  (strategy) => {
    it("find that another's stands there by now", async () => {
      const fleet = await startFleet({ strategy, maxConnections: 2 });
      const { acme, globex, db, tenancy } = fleet;
      const read = (tenant: TenantRecord) =>
        tenancy.run(tenant, async () => (await db.em().findOneOrFail(Note, 1)).text);
      for (const tenant of [acme, globex]) {
        await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
      }

      await cut(fleet);
      await swap(strategy, acme, globex);

      for (const tenant of [acme, globex, acme]) {
        await expect(read(tenant)).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
      }
      await swap(strategy, acme, globex);
      for (const tenant of [acme, globex]) expect(await read(tenant)).toBe(tenant.slug);
    });
  },
);

/** Ends every connection of the tenants, as a restart of the server does. */
async function cut({ db, tenancy, acme, globex }: Fleet): Promise<void> {
  for (const tenant of [acme, globex]) {
    const sql = "select pg_backend_pid() as pid";
    const [row] = await tenancy.run(tenant, () => db.em().execute<{ pid: number }[]>(sql));
    await asAdmin(`select pg_terminate_backend(${row?.pid})`);
    await vi.waitFor(async () => {
      const left = await asAdmin(`select from pg_stat_activity where pid = ${row?.pid}`);
      expect(left).toEqual([]);
    });
  }
  await vi.waitFor(() => expect(db.stats()).toMatchObject([{ open: 0, closing: 0 }]));
}

/** Gives each of two databases or schemas the other's name. */
async function swap(kind: string, one: TenantRecord, other: TenantRecord): Promise<void> {
  const [first, second] = [one.placement?.name, other.placement?.name];
  const meanwhile = uniqueName("swapped");
  for (const [from, to] of [
    [first, meanwhile],
    [second, first],
    [meanwhile, second],
  ]) {
    await vi.waitFor(() => asAdmin(`alter ${kind} "${from}" rename to "${to}"`));
  }
}
