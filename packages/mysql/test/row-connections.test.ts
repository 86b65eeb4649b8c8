import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setTimeout } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import type { SharedTablesManager } from "@af-tenancy/testing";
import type { SqlEntityManager } from "@mikro-orm/mysql";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { admin, missing, server, uniqueName } from "./server.ts";
import { type SharedSite, siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing)("connections of tenants in the tables of one MariaDB database", () => {
  it("F077: closes no connection in use, and has one other serve whoever comes", async () => {
    const site = await siteForTest({ maxConnections: 3 });
    const [acme, ...others] = await tenantsWithNotes(site, 4);

    const long = site.run(acme as TenantRecord, (em) =>
      select(site, em, "sleep(0.3) = 0 and connection_id() > 0 as kept"),
    );
    await vi.waitFor(() => expect(site.db.stats()[0]).toMatchObject({ leased: 1 }));
    const texts: unknown[] = [];
    for (const tenant of [...others, ...others]) texts.push(await textOf(site, tenant));

    expect(site.db.stats()[0]).toMatchObject({ open: 2, leased: 1 });
    expect(texts).toEqual([...others, ...others].map(({ id }) => id));
    expect(await long).toEqual([{ kept: 1 }]);
  });

  it("F078: opens few connections, one after the other, when all tenants come first at once", async () => {
    const site = await siteForTest({ maxConnections: 10 });
    const tenants = await tenantsWithNotes(site, 4);
    await site.db.close?.();
    await site.db.start?.();
    const { opened: before = 0 } = site.db.stats()[0] ?? {};

    const texts = await Promise.all(
      Array.from({ length: 64 }, (_, at) => textOf(site, tenants[at % 4] as TenantRecord)),
    );

    expect(texts).toEqual(Array.from(texts, (_, at) => tenants[at % 4]?.id));
    const opened = (site.db.stats()[0]?.opened ?? 0) - before;
    expect(opened).toBeGreaterThan(0);
    expect(opened).toBeLessThanOrEqual(8);
  });

  it("F079: serves all tenants again as soon as the server lets it in again", async () => {
    const user = await login();
    const site = await siteForTest({ connection: { ...server, user, password: "secret" } });
    const [acme, globex] = (await tenantsWithNotes(site, 2)) as [TenantRecord, TenantRecord];
    await site.db.close?.();
    await site.db.start?.();
    await admin(`alter user '${user}'@'%' account lock`);
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(textOf(site, acme)).rejects.toThrow();
    }
    expect(site.db.stats()[0]).toMatchObject({ open: 0, opening: 0, leased: 0, waiting: 0 });
    expect(site.db.stats()[0]?.failing).toHaveLength(1);

    await admin(`alter user '${user}'@'%' account unlock`);

    for (const tenant of [globex, acme]) {
      await vi.waitFor(async () => expect(await textOf(site, tenant)).toBe(tenant.id), {
        ...{ timeout: 5_000, interval: 50 },
      });
    }
    expect(site.db.stats()[0]?.failing).toEqual([]);
  });

  it("F080: closes the one connection of all when a tenant forgot it, and tells who", async () => {
    const leaks: unknown[] = [];
    const hear = (leak: unknown) => void leaks.push(leak);
    subscribe("af-tenancy:connection-leak", hear);
    onTestFinished(() => void unsubscribe("af-tenancy:connection-leak", hear));
    const site = await siteForTest({ maxConnections: 1, checkoutDeadline: 200 });
    const [acme, globex] = (await tenantsWithNotes(site, 2)) as [TenantRecord, TenantRecord];
    const before = await threadOf(site, globex);

    const forgotten = site.run(acme, async (em) => {
      const fork = em.fork() as unknown as SqlEntityManager;
      await fork.begin();
      await fork.nativeUpdate(site.entities.Note as never, {}, { text: "lost" } as never);
      await setTimeout(1_000);
      throw new RangeError("the application's own");
    });

    await expect(forgotten).rejects.toThrow("the application's own");
    expect(await textOf(site, globex)).toBe(globex.id);
    expect(await textOf(site, acme)).toBe(acme.id);
    expect(await threadOf(site, globex)).not.toBe(before);
    expect(leaks).toMatchObject([{ tenantId: acme.id }]);
    expect(site.db.stats()[0]).toMatchObject({ leased: 0, waiting: 0 });
  });

  it("F082: gives nobody the connection on which a statement took too long", async () => {
    const site = await siteForTest({
      ...{ maxConnections: 1, connection: { ...server, queryTimeout: 1_000 } },
    });
    const [acme, globex] = (await tenantsWithNotes(site, 2)) as [TenantRecord, TenantRecord];
    const before = await threadOf(site, globex);

    const slow = site.run(acme, (em) => select(site, em, "sleep(20) as slept"));

    await expect(slow).rejects.toMatchObject({ code: "QUERY_TIMEOUT" });
    expect(await threadOf(site, globex)).not.toBe(before);
    expect(await textOf(site, globex)).toBe(globex.id);
    await admin(`kill ${before}`).catch(() => undefined); // it may have noticed by itself
  });

  it("F086: reads with the same statement what a table has become", async () => {
    const site = await siteForTest({ maxConnections: 1 });
    const tenants = await tenantsWithNotes(site, 2);
    const read = () => Promise.all(tenants.map((tenant) => textOf(site, tenant)));
    const before = [await read(), await read()];

    await site.admin(
      "alter table note add column extra int first, modify column text varchar(500)",
    );
    const after = [await read(), await read()];

    const own = tenants.map(({ id }) => id);
    expect([...before, ...after]).toEqual(Array(4).fill(own));
    const threads = await Promise.all(tenants.map((tenant) => threadOf(site, tenant)));
    expect(new Set(threads).size).toBe(1);
  });

  it("F089: writes no row that names no tenant, and reads none for nobody", async () => {
    const site = await siteForTest();
    const [acme] = (await tenantsWithNotes(site, 2)) as [TenantRecord, TenantRecord];
    const nobody = (value: string) =>
      site.tenancy.run(acme, () =>
        site.db.unscoped("forge", (em) =>
          em.execute(`insert into note (tenant_id, id, text) values (${value}, 9, 'nobody')`),
        ),
      );

    await expect(nobody("null")).rejects.toThrow("tenant_id");
    await expect(nobody("default")).rejects.toThrow("tenant_id");
    expect(() => site.db.em()).toThrow(expect.objectContaining({ code: "NO_TENANT_CONTEXT" }));
    expect(await site.admin("select id from note where text = 'nobody'")).toEqual([]);
  });
});

/** Tenants with one note of the same key each, whose text is the tenant's id. */
async function tenantsWithNotes(site: SharedSite, count: number): Promise<TenantRecord[]> {
  const tenants: TenantRecord[] = [];
  for (let at = 0; at < count; at++) tenants.push(await site.add());
  for (const tenant of tenants) {
    await site.run(tenant, (em) => em.insert(site.entities.Note, { id: 1, text: tenant.id }));
  }
  return tenants;
}

async function textOf({ run, entities }: SharedSite, tenant: TenantRecord): Promise<unknown> {
  const notes = await run(tenant, (em) => em.fork().find(entities.Note, {}));
  return notes.map(({ text }) => text).join();
}

function select({ entities, raw }: SharedSite, em: SharedTablesManager, sql: string) {
  return em
    .createQueryBuilder(entities.Note, "n")
    .select([raw(sql)])
    .execute();
}

async function threadOf(site: SharedSite, tenant: TenantRecord): Promise<unknown> {
  const rows = await site.run(tenant, (em) => select(site, em, "connection_id() as id"));
  return (rows as readonly { readonly id: number }[])[0]?.id;
}

/** A user of the server who may do everything; gone after the test. */
async function login(): Promise<string> {
  const user = uniqueName("app");
  onTestFinished(async () => void (await admin(`drop user '${user}'@'%'`)));
  await admin(
    `create user '${user}'@'%' identified by 'secret'; grant all privileges on *.* to '${user}'@'%'`,
  );
  return user;
}
