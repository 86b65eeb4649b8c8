import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { addTenant, broken, hasTable, migrationsOf, notes, tags } from "./migrated-tenants.ts";
import type { MakePlace } from "./tenant-migrations-contract.ts";
import type { TenantMigrationsHarness } from "./tenant-migrations-harness.ts";

/** Checks what a failed migration leaves, and that it can be mended. */
export function failedMigrationTests(
  make: MakePlace,
  { transactionalDdl }: TenantMigrationsHarness,
): void {
  const mended = { ...broken, up: ["create table half (id integer not null primary key)"] };

  it("F069: says which migration and which SQL failed", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const site = await place.start([notes, tags, broken]);

    const failing = migrationsOf(site).run(acme);

    await expect(failing).rejects.toMatchObject({
      ...{ code: "MIGRATION_FAILED", migration: broken.name },
      sql: expect.stringContaining("insert into nowhere"),
    });
  });

  it.each(["commit", "rollback", "begin"])(
    "F072: refuses a lone %s before anything of its migration is done",
    async (verb) => {
      const place = await make();
      const acme = await addTenant(await place.start([notes]));
      const ending = { ...broken, up: [mended.up[0] as string, verb] };
      const migrations = migrationsOf(await place.start([notes, ending]));

      await expect(migrations.run(acme)).rejects.toMatchObject({
        ...{ code: "MIGRATION_FAILED", sql: verb },
        cause: { code: "INVALID_INPUT" },
      });
      expect((await migrations.status(acme)).dirty).toBeUndefined();
      const site = await place.start([notes, mended]);
      expect((await migrationsOf(site).run(acme)).migrations).toHaveLength(1);
    },
  );

  it("refuses what no migration can be asked, and changes nothing", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const migrations = migrationsOf(await place.start([notes, tags]));
    const given = [
      { direction: "up-and-down" },
      { direction: Object.create(null) },
      { direction: "fresh", steps: 1 },
      { steps: 0 },
      { lockMs: Number.NaN },
      { signal: "x" },
      { dryRun: Object.create(null) },
    ];

    for (const request of given) {
      expect(await rejectionCode(migrations.run(acme, request as never))).toBe("INVALID_INPUT");
    }
    for (const name of [undefined, "", tags.name]) {
      expect(await rejectionCode(migrations.resolve(acme, name as never, "applied"))).toBe(
        "INVALID_INPUT",
      );
    }
    expect((await migrations.status(acme)).pending).toEqual([tags.name]);
  });

  if (transactionalDdl) {
    it("F070: takes back what a failed migration did, and goes on when it is mended", async () => {
      const place = await make();
      const acme = await addTenant(await place.start([notes]));
      const site = await place.start([notes, tags, broken]);
      await migrationsOf(site)
        .run(acme)
        .catch(() => undefined);

      expect(await hasTable(site, acme, "half")).toBe(false);
      expect((await migrationsOf(site).status(acme)).dirty).toBeUndefined();

      await migrationsOf(await place.start([notes, tags, mended])).run(acme);

      expect(await hasTable(site, acme, "half")).toBe(true);
    });
    return;
  }

  it.each(["reverted", "applied"] as const)(
    "F070: touches nothing more after a failure until it is said to be %s",
    async (outcome) => {
      const place = await make();
      const acme = await addTenant(await place.start([notes]));
      const site = await place.start([notes, broken]);
      const migrations = migrationsOf(site);
      await migrations.run(acme).catch(() => undefined);

      expect(await migrations.status(acme)).toMatchObject({ dirty: broken.name });
      expect(await rejectionCode(migrations.run(acme))).toBe("MIGRATION_DIRTY");
      expect(await rejectionCode(migrations.run(acme, { direction: "down" }))).toBe(
        "MIGRATION_DIRTY",
      );
      expect(await rejectionCode(migrations.resolve(acme, notes.name, outcome))).toBe(
        "INVALID_INPUT",
      );
      if (outcome === "reverted") await site.query(acme, "drop table half");
      await migrations.resolve(acme, broken.name, outcome);

      const fixed = migrationsOf(await place.start([notes, mended]));
      const { migrations: done } = await fixed.run(acme);

      expect(done.map(({ name }) => name)).toEqual(outcome === "reverted" ? [mended.name] : []);
      expect(await fixed.status(acme)).toMatchObject({ pending: [], dirty: undefined });
      expect(await hasTable(site, acme, "half")).toBe(true);
    },
  );
}
