import { expect, it } from "vitest";
import { codeOf, rejectionCode } from "../suite/code-of.ts";
import { outcomes } from "../suite/outcomes.ts";
import { addTenant, colours, hasTable, migrationsOf, notes, tags } from "./migrated-tenants.ts";
import type { MakePlace } from "./tenant-migrations-contract.ts";
import type { TenantMigrationsHarness } from "./tenant-migrations-harness.ts";

/** Checks that migrations are run, taken back and begun afresh. */
export function migrationRunTests(make: MakePlace, { shared }: TenantMigrationsHarness): void {
  it("S035: brings a tenant up to date step by step, takes it back, and keeps its rows", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const site = await place.start([notes, tags, colours]);
    const migrations = migrationsOf(site);
    await site.query(acme, "insert into note (tenant_id, id, text) values ('a', 1, 'kept')");

    const first = await migrations.run(acme, { steps: 1 });
    const second = await migrations.run(acme);

    expect(first.migrations).toMatchObject([{ name: tags.name, sql: tags.up }]);
    expect(second).toMatchObject({ before: first.after, migrations: [{ name: colours.name }] });
    expect(second.after).toBe(migrations.version(acme.placement as never));
    await site.query(acme, "update tag set colour = 'red'");

    const back = await migrations.run(acme, { direction: "down", steps: 2 });

    expect(back.migrations.map(({ name }) => name)).toEqual([colours.name, tags.name]);
    expect(back).toMatchObject({ before: second.after, after: first.before });
    expect(await hasTable(site, acme, "tag")).toBe(false);
    expect(await site.query(acme, "select text from note")).toEqual([{ text: "kept" }]);
    expect((await migrations.run(acme)).migrations).toHaveLength(2);
  });

  it("begins afresh without anything that was there, and keeps the tenant's marker", async () => {
    const place = await make();
    const site = await place.start([notes, tags]);
    const migrations = migrationsOf(site);
    const [acme, globex] = [await addTenant(site), await addTenant(site)];
    for (const one of [acme, globex]) {
      await site.query(one, `insert into note (tenant_id, id) values ('${one.id}', 1)`);
    }
    if (shared === true) {
      const refused = await rejectionCode(migrations.run(acme, { direction: "fresh" }));
      expect(refused).toBe("INVALID_INPUT");
      expect(await site.query(acme, "select id from note")).toHaveLength(2);
      return;
    }
    await site.query(acme, "create table stray (id integer not null primary key)");
    await site.query(acme, "delete from tag");

    const { before, after, migrations: done } = await migrations.run(acme, { direction: "fresh" });

    expect(done.map(({ name }) => name)).toEqual([notes.name, tags.name]);
    expect([before, after]).toEqual([after, migrations.version(acme.placement as never)]);
    expect(await hasTable(site, acme, "stray")).toBe(false);
    expect(await site.query(acme, "select id from note")).toEqual([]);
    expect(await site.query(acme, "select id from tag")).toEqual([{ id: 7 }]);
    await site.databases.verify(acme);
    expect(await site.query(globex, "select id from note")).toEqual([{ id: 1 }]);
  });

  it("F071: of two who run them at once one does, and nothing is run twice", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const [one, other] = [await place.start([notes, tags]), await place.start([notes, tags])];

    const { values, errors } = await outcomes([
      () => migrationsOf(one).run(acme),
      () => migrationsOf(other).run(acme),
    ]);

    expect(errors.map(codeOf).filter((code) => code !== "MIGRATION_LOCKED")).toEqual([]);
    expect(values.flatMap(({ migrations }) => migrations.map(({ name }) => name))).toEqual([
      tags.name,
    ]);
    expect(await one.query(acme, "select id from tag")).toEqual([{ id: 7 }]);
  });

  it("makes a new tenant once, whoever else makes it", async () => {
    const place = await make();
    const [one, other] = [await place.start([notes, tags]), await place.start([notes, tags])];
    const acme = await addTenant(await place.start([]));

    const { errors } = await outcomes([
      () => one.databases.migrate(acme),
      () => other.databases.migrate(acme),
      () => one.databases.migrate(acme),
    ]);

    expect(errors).toEqual([]);
    expect((await migrationsOf(one).status(acme)).applied).toHaveLength(2);
  });

  it("refuses what no migration can be asked, before anything changes", async () => {
    const site = await (await make()).start([notes]);
    const acme = await addTenant(site);
    const { run, resolve } = bound(migrationsOf(site));

    for (const request of [
      { direction: "sideways" },
      { steps: 0 },
      { steps: 1.5 },
      { lockMs: -1 },
    ]) {
      expect(await rejectionCode(run(acme, request as never))).toBe("INVALID_INPUT");
    }
    expect(await rejectionCode(resolve(acme, notes.name, "applied"))).toBe("INVALID_INPUT");
    expect((await migrationsOf(site).status(acme)).applied).toHaveLength(1);
  });

  it("stops before the next migration when it is told to", async () => {
    const place = await make();
    const acme = await addTenant(await place.start([notes]));
    const site = await place.start([notes, tags]);
    const stopped = await migrationsOf(site).run(acme, { signal: AbortSignal.abort() });

    expect(stopped).toMatchObject({ migrations: [], before: stopped.after });
    expect(await hasTable(site, acme, "tag")).toBe(false);
  });
}

function bound(migrations: ReturnType<typeof migrationsOf>) {
  return {
    run: migrations.run.bind(migrations),
    resolve: migrations.resolve.bind(migrations),
  };
}
