import { expect, it } from "vitest";
import { rejectionCode } from "../suite/code-of.ts";
import { addTenant, hasTable, migrationsOf, notes, tags } from "./migrated-tenants.ts";
import type { MakePlace } from "./tenant-migrations-contract.ts";
import type { TenantMigrationsHarness } from "./tenant-migrations-harness.ts";

/** Checks what is told of how far a tenant's schema is. */
export function migrationStatusTests(make: MakePlace, { shared }: TenantMigrationsHarness): void {
  it("S035: makes a new tenant's tables by its migrations, and tells that it has had them", async () => {
    const site = await (await make()).start([notes, tags]);
    const migrations = migrationsOf(site);
    const acme = await addTenant(site);
    await site.databases.verify(acme);

    const status = await migrations.status(acme);

    const version = migrations.version(acme.placement as never);
    expect(status).toMatchObject({ version, pending: [], dirty: undefined });
    expect(status.applied.map(({ name }) => name)).toEqual([notes.name, tags.name]);
    const [aYearAgo, soon] = [Date.now() - 31_536_000_000, Date.now() + 600_000];
    const times = status.applied.map(({ at }) => at > aYearAgo && at < soon); // a copy has the original's
    expect(times).toEqual([true, true]);
    expect(await site.query(acme, "select id from tag")).toEqual([{ id: 7 }]);
    expect(migrations.isBehind({ ...acme, schemaVersion: version })).toBe(false);
    expect(migrations.isBehind({ ...acme, schemaVersion: undefined })).toBe(true);
  });

  it("F074: tells who is behind from who has more, and serves neither as verified that is behind", async () => {
    const place = await make();
    const [older, newer] = [await place.start([notes]), await place.start([notes, tags])];
    const acme = await addTenant(older);
    const schemaVersion = migrationsOf(older).version(acme.placement as never);

    expect(migrationsOf(newer).isBehind({ ...acme, schemaVersion })).toBe(true);
    expect(await migrationsOf(newer).status(acme)).toMatchObject({
      ...{ version: schemaVersion, pending: [tags.name] },
    });
    expect(await rejectionCode(newer.databases.verify(acme))).toBe("SCHEMA_OUTDATED");

    const { after } = await migrationsOf(newer).run(acme);

    expect(migrationsOf(older).isBehind({ ...acme, schemaVersion: after })).toBe(false);
    await older.databases.verify(acme);
    const { applied, pending } = await migrationsOf(older).status(acme);
    expect([applied.length, pending]).toEqual([2, []]);
    expect((await migrationsOf(older).run(acme)).migrations).toEqual([]);
  });

  const later = {
    name: "Migration09_later",
    up: [
      "create table later (id integer not null primary key) -- the last",
      "insert into later (id) values (1)",
    ],
    down: ["drop table later"],
  };

  it("F074: sees that one was put in between those that a tenant has had, and runs it", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes, later]));
    const older = migrationsOf(await place.start([notes, later]));
    const schemaVersion = older.version(acme.placement as never);
    const site = await place.start([notes, tags, later]);
    const migrations = migrationsOf(site);

    expect(older.isBehind({ ...acme, schemaVersion })).toBe(false);
    expect(migrations.isBehind({ ...acme, schemaVersion })).toBe(true);
    expect((await migrations.run(acme)).migrations.map(({ name }) => name)).toEqual([tags.name]);
    expect((await migrations.status(acme)).pending).toEqual([]);
  });

  it("S035: gives the SQL of what it would run, and changes nothing", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const site = await place.start([notes, tags]);
    const before = await migrationsOf(site).status(acme);

    const up = await migrationsOf(site).run(acme, { dryRun: true });
    const down = await migrationsOf(site).run(acme, { direction: "down", dryRun: true });

    expect(up.migrations).toEqual([{ name: tags.name, milliseconds: 0, sql: tags.up }]);
    expect(up.after).toBe(migrationsOf(site).version(acme.placement as never));
    expect(down.migrations).toEqual([{ name: notes.name, milliseconds: 0, sql: notes.down }]);
    expect(await migrationsOf(site).status(acme)).toEqual(before);
    expect(await hasTable(site, acme, "tag")).toBe(false);
  });

  it("C117: migrates one tenant and, unless they share tables, no other", async () => {
    const place = await make();
    const older = await place.start([notes]);
    const [acme, globex] = [await addTenant(older), await addTenant(older)];
    const site = await place.start([notes, tags]);

    await migrationsOf(site).run(acme);

    const isAlone = shared !== true;
    expect(await hasTable(site, acme, "tag")).toBe(true);
    expect(await hasTable(site, globex, "tag")).toBe(!isAlone);
    const { migrations } = await migrationsOf(site).run(globex);
    expect(migrations.map(({ name }) => name)).toEqual(isAlone ? [tags.name] : []);
  });
}
