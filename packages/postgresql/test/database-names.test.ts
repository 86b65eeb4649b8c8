import { randomUUID } from "node:crypto";
import type { TenantDatabase } from "@af-tenancy/core";
import { tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftPrefix, nameFor } from "../src/placement-names.ts";
import { Note } from "./entities.ts";
import { sharedFleet, startFleet } from "./fleet.ts";
import { makeManager, placementOf } from "./managers.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(
  `databases and schemas by name${withServer}`,
  { timeout: 30_000 },
  () => {
    const fleets = {
      database: sharedFleet((over) => startFleet({}, over)),
      schema: sharedFleet((over) => startFleet({ strategy: "schema" }, over)),
    };

    it("S013: F063: makes names from ids, and tells ids that are too long by their hash", () => {
      const long = ["x".repeat(64), `${"x".repeat(63)}y`].map((id) => nameFor(id, 1_000_000));

      expect(nameFor("01920000-0000-7000-8000-00000000ac3e", 1)).toBe(
        "t_0192000000007000800000000000ac3e_g1",
      );
      expect(nameFor("a-B_c", 12)).toBe("t_a-B_c_g12");
      expect(long[0]).not.toBe(long[1]);
      for (const name of long) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(draftPrefix("x".repeat(63)).length).toBeLessThanOrEqual(55);
    });

    it.each(["database", "schema"] as const)(
      "S013: F063: makes a %s under a chosen name of 63 bytes, kept apart from one that is alike",
      async (strategy) => {
        const manager = makeManager();
        const base = uniqueName("Chosen").padEnd(62, "-x");
        const [one, other] = ["a", "A"].map((end) => databaseNamed(strategy, base + end));
        if (one === undefined || other === undefined) return expect.unreachable();

        await manager.create(one);
        await manager.create(other);

        expect((await manager.inspect(one))?.owner?.tenantId).toBe(one.tenantId);
        await manager.drop(one);
        expect((await manager.inspect(other))?.owner?.tenantId).toBe(other.tenantId);
        await manager.drop(other);
      },
    );

    it.each(["database", "schema"] as const)(
      "C029: refuses to make a %s that is there before any DDL is sent",
      async (strategy) => {
        const manager = makeManager({ users: true });
        const taken = databaseNamed(strategy, uniqueName("taken"), true);
        await asAdmin(`create ${strategy} "${taken.placement.name}"`);
        onTestFinished(
          async () => void (await asAdmin(`drop ${strategy} "${taken.placement.name}"`)),
        );

        await expect(manager.create(taken)).rejects.toMatchObject({ code: "DATABASE_OWNED" });

        const role = `select 1 from pg_roles where rolname = '${taken.placement.name}'`;
        expect(await asAdmin(role)).toEqual([]);
      },
    );

    it.each(["database", "schema"] as const)(
      "gives a %s another name, under which it keeps its rows",
      async (strategy) => {
        const { db, tenancy, add, globex } = fleets[strategy]();
        const acme = await add(tenantRecord({ slug: "renamed" }));
        await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "kept" }));
        const placement = placementOf(strategy, false, acme.id, 1, uniqueName("renamed"));
        const manager = db.manager(placement);
        const rename = async (database: TenantDatabase, name: string) =>
          manager.rename?.(database, name);
        const [before, after] = [acme.placement ?? placement, placement];

        await expect(
          rename({ tenantId: acme.id, placement: before }, globex.placement?.name ?? ""),
        ).rejects.toMatchObject({ code: "DATABASE_OWNED" });
        await expect(
          rename({ tenantId: globex.id, placement: before }, after.name),
        ).rejects.toMatchObject({ code: "DATABASE_OWNED" });
        expect(manager.capabilities.rename).toBe(true);
        await rename({ tenantId: acme.id, placement: before }, after.name);
        onTestFinished(() => manager.drop({ tenantId: acme.id, placement: after }));

        const moved = { ...acme, placement: after };
        const rows = await tenancy.run(moved, async () => (await db.em().findAll(Note)).length);
        expect(rows).toBe(1);
        expect(await manager.inspect({ tenantId: acme.id, placement: before })).toBeUndefined();
      },
    );

    it.each(["database", "schema"] as const)(
      "C023: C024: opens no %s that is not the tenant's own",
      async (strategy) => {
        const { tenancy, db, acme, globex } = fleets[strategy]();
        const central = uniqueName("central");
        await asAdmin(`create ${strategy} ${central}`);
        const force = strategy === "database" ? "with (force)" : "";
        onTestFinished(async () => void (await asAdmin(`drop ${strategy} ${central} ${force}`)));
        const at = (name: string | undefined) => ({
          ...acme,
          placement: placementOf(strategy, false, acme.id, 1, name),
        });
        const read = (tenant: typeof acme) =>
          tenancy.run(tenant, async () => db.em().count(Note, {}));

        await expect(read(at(central))).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
        await expect(read(at(globex.placement?.name))).rejects.toMatchObject({
          code: "DATABASE_MISMATCH",
        });
        await expect(read(at(server.database))).rejects.toMatchObject({ code: "INVALID_INPUT" });
        await expect(read(at(uniqueName("nowhere")))).rejects.toMatchObject({
          code: "DATABASE_NOT_READY",
        });
        expect(await read(acme)).toBe(0);
      },
    );

    it("C028: keeps the database and changes the search path for schemas", async () => {
      const { tenancy, db, acme } = fleets.schema();

      const rows = await tenancy.run(acme, () =>
        db.em().execute("select current_database() as database, current_schema() as schema"),
      );

      expect(rows).toEqual([{ database: server.database, schema: acme.placement?.name }]);
    });

    it("finishes dropping a database that was left half dropped, when its comment is the owner's", async () => {
      const manager = makeManager();
      const half = databaseNamed("database", uniqueName("half"));
      await manager.create(half);
      // What PostgreSQL writes when DROP DATABASE is interrupted.
      await asAdmin(
        `update pg_database set datconnlimit = -2 where datname = '${half.placement.name}'`,
      );

      expect((await manager.inspect(half))?.owner?.tenantId).toBe(half.tenantId);
      await expect(manager.drop({ ...half, tenantId: "another" })).rejects.toMatchObject({
        code: "DATABASE_OWNED",
      });
      await manager.drop(half);

      expect(await manager.inspect(half)).toBeUndefined();
    });

    it("drops a database that somebody uses, and what an interrupted creation left", async () => {
      const { tenancy, db, add } = fleets.database();
      const acme = await add(tenantRecord({ slug: "dropped" }));
      const placement = acme.placement ?? expect.unreachable();
      await tenancy.run(acme, () => db.em().count(Note, {}));
      const draft = `${draftPrefix(placement.name)}crashed`;
      await asAdmin(`create database "${draft}"`);

      await db.manager(placement).drop({ tenantId: acme.id, placement });

      const left = `select 1 from pg_database where datname in ('${draft}', '${placement.name}')`;
      expect(await asAdmin(left)).toEqual([]);
      await expect(tenancy.run(acme, () => db.em().count(Note, {}))).rejects.toMatchObject({
        code: "DATABASE_NOT_READY",
      });
    });

    it("keeps a placement's strategy to those it knows", async () => {
      const { db } = fleets.schema();

      expect(db.place("a", 3, { name: "chosen" })).toMatchObject({
        ...{ driver: "postgresql", strategy: "schema", server: "default" },
        ...{ name: "chosen", generation: 3, secret: undefined },
      });
      expect(() => db.place("a", 1, { driver: "mysql" })).toThrow("mysql");
      expect(() => db.place("a", 1, { server: "eu" })).toThrow("eu");
      expect(() => db.place("a", 1, { name: "pg_x" })).toThrow("pg_x");
    });
  },
);

function databaseNamed(strategy: "database" | "schema", name: string, users = false) {
  const tenantId = randomUUID();
  return { tenantId, placement: placementOf(strategy, users, tenantId, 1, name) };
}
