import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import type { TenantRecord } from "@af-tenancy/core";
import { type SharedTablesManager, tenantRecord } from "@af-tenancy/testing";
import { raw } from "@mikro-orm/mysql";
import { describe, expect, it, onTestFinished } from "vitest";
import { admin, missing } from "./server.ts";
import { siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing)("rows of one MariaDB database", () => {
  it.each([
    ["connections enough for each", 4],
    ["one connection for all", 1],
  ])("C020 F014: keeps equal keys apart while two tenants overlap, with %s", async (_, many) => {
    const { run, entities, add } = await siteForTest({ maxConnections: many });
    const { Note } = entities;
    const tenants = { acme: await add(), globex: await add() };
    const steps: string[] = [];
    const work = (name: keyof typeof tenants, pauses: readonly (() => unknown)[]) =>
      run(tenants[name], async (em) => {
        for (const [index, pause] of pauses.entries()) {
          await em.transactional((tx) =>
            tx.insert(Note, { id: index + 1, text: `${name} ${index}` }),
          );
          steps.push(name);
          await pause();
        }
        const notes = await em.fork().find(Note, {}, { orderBy: { id: 1 } });
        return notes.map(({ text }) => text).join();
      });

    const begun = Promise.withResolvers<void>();
    const acme = work("acme", [() => begun.promise, turn]);
    const globex = work("globex", [begun.resolve, () => acme, turn]);
    const [ofAcme, ofGlobex] = await Promise.all([acme, globex]);

    expect(steps).toContain("acme");
    expect(steps.at(-1)).toBe("globex");
    expect(ofAcme).toBe("acme 0,acme 1");
    expect(ofGlobex).toBe("globex 0,globex 1,globex 2");
  });

  it("C128: begins every key and reference with the tenant, compared byte by byte", async () => {
    const { admin: ask, add, shared } = await siteForTest();
    await add();

    const keys = await ask(
      `select table_name as \`table\`, constraint_name as name,
         group_concat(column_name order by ordinal_position) as columns,
         group_concat(referenced_column_name order by ordinal_position) as referenced
       from information_schema.key_column_usage where table_schema = '${shared}'
         and table_name not in ('country', '_tenancy_owner') group by 1, 2 order by 1, 2`,
    );
    const [collations] = await ask(
      `select group_concat(distinct collation_name) as names from information_schema.columns
       where table_schema = '${shared}' and column_name = 'tenant_id'`,
    );

    expect(keys).toHaveLength(11);
    for (const { columns, referenced } of keys) {
      expect(columns).toMatch(/^tenant_id,/);
      if (referenced !== null) expect(referenced).toBe("tenant_id,id");
    }
    expect(collations?.names).toBe("utf8mb4_bin");
  });

  it("C020: tells ids apart that differ in their letters' case only", async () => {
    const { databases, entities, run } = await siteForTest();
    const id = `row-${randomUUID()}`;
    const tenants = [id, id.toUpperCase()].map((one) => ({
      ...tenantRecord({ id: one, slug: one }),
      placement: databases.place(one, 1),
    }));
    for (const { id: tenantId, placement } of tenants) {
      await databases.manager(placement).create({ tenantId, placement });
    }
    for (const tenant of tenants) {
      await databases.migrate(tenant);
      await run(tenant, (em) => em.insert(entities.Note, { id: 1, text: tenant.id }));
    }

    for (const tenant of tenants) {
      const notes = await run(tenant, (em) => em.fork().find(entities.Note, {}));
      expect(notes).toMatchObject([{ text: tenant.id }]);
    }
  });

  it("C130: sends raw SQL through the named door only, and tells who went through", async () => {
    const { db, tenancy, add, entities, run } = await siteForTest();
    const [acme, globex] = [await add(), await add()];
    for (const tenant of [acme, globex]) {
      await run(tenant, (em) => em.insert(entities.Note, { id: 1, text: tenant.id }));
    }
    const told: unknown[] = [];
    const listener = (message: unknown) => told.push(message);
    subscribe("af-tenancy:unscoped", listener);
    onTestFinished(() => void unsubscribe("af-tenancy:unscoped", listener));

    const [counted, kept] = await tenancy.run(acme, () =>
      db.unscoped("count all", async (em) => {
        const [row] = await em.execute<{ n: number }[]>("select count(*) as n from note");
        return [row?.n, await em.fork().count(entities.Note as never)];
      }),
    );
    const after = tenancy.run(acme, () => db.em().execute("select count(*) as n from note"));

    expect([counted, kept]).toEqual([2, 1]);
    expect(told).toEqual([{ tenantId: acme.id, reason: "count all" }]);
    await expect(after).rejects.toMatchObject({ code: "UNSCOPED_SQL" });
  });

  it("F081: leaves the next tenant nothing of a session, on the one connection of all", async () => {
    const { db, add, entities, run } = await siteForTest({ maxConnections: 1 });
    const [acme, globex] = [await add(), await add()];
    await run(globex, (em) => em.insert(entities.Note, { id: 1, text: "globex" }));
    await run(acme, (em) => em.insert(entities.Note, { id: 1, text: "acme" }));
    const variable = { [raw("(@left := 'acme') is null") as unknown as string]: [] };
    const ways: ((em: SharedTablesManager) => Promise<unknown>)[] = [
      (em) => em.find(entities.Note, variable),
      () => db.unscoped("spoil", (em) => em.execute("set @left = 'acme'")),
      () => db.unscoped("spoil", (em) => em.execute("create temporary table note (id int)")),
      () => db.unscoped("spoil", (em) => em.execute("use mysql")),
    ];

    for (const spoil of ways) {
      await run(acme, spoil);
      const rows = await run(globex, (em) =>
        em
          .createQueryBuilder(entities.Note, "n")
          .select([raw("@left as `left`"), "text"])
          .execute(),
      );
      expect(rows).toEqual([{ left: null, text: "globex" }]);
    }
  });

  it("C131: asks nothing without a tenant, and ends with the scope", async () => {
    const { db, tenancy, add, entities } = await siteForTest();
    const acme = await add();
    const kept = await tenancy.run(acme, () => db.em());

    await expect(async () => db.em()).rejects.toMatchObject({ code: "NO_TENANT_CONTEXT" });
    await expect(tenancy.central(async () => db.em())).rejects.toMatchObject({
      code: "NO_TENANT_CONTEXT",
    });
    await expect(kept.find(entities.Note as never, {})).rejects.toMatchObject({
      code: "CONTEXT_ENDED",
    });
  });

  it("F083 C021: serves again after its connections were cut, and leaves none behind", async () => {
    const { tenancy, add, run, entities, shared } = await siteForTest();
    const tenants = [await add(), await add()];
    const find = (tenant: TenantRecord) => run(tenant, (em) => em.fork().find(entities.Note, {}));
    await Promise.all(tenants.map(find));

    for (const { id } of await connectionsTo(shared)) await admin(`kill ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(await Promise.all(tenants.map(find))).toEqual([[], []]);
    await tenancy.close();
    expect(await connectionsTo(shared)).toEqual([]);
  });

  it("F076: never has more connections than its budget, whoever asks", async () => {
    const { db, add, run, shared, entities } = await siteForTest({ maxConnections: 3 });
    const tenants = await Promise.all(Array.from({ length: 4 }, () => add()));

    let most = 0;
    const asking = Array.from({ length: 40 }, (_, index) => {
      const tenant = tenants[index % tenants.length] as TenantRecord;
      return run(tenant, (em) => em.fork().find(entities.Note, {}));
    });
    const counting = setInterval(() => {
      void connectionsTo(shared).then(({ length }) => {
        most = Math.max(most, length);
      });
    }, 5);
    await Promise.all(asking);
    clearInterval(counting);

    expect(most).toBeLessThanOrEqual(3);
    expect(db.stats()).toMatchObject([{ leased: 0, waiting: 0 }]);
  });

  it("C022: migrates from inside another tenant and leaves it where it was", async () => {
    const { databases, tenancy, db, add, entities } = await siteForTest();
    const [acme, globex] = [await add(), await add()];

    const seen = await tenancy.run(acme, async () => {
      await db.em().insert(entities.Note as never, { id: 1, text: "acme" } as never);
      await databases.migrate(globex);
      await databases.verify(globex);
      return [tenancy.current()?.id, await db.em().count(entities.Note as never)];
    });

    expect(seen).toEqual([acme.id, 1]);
  });
});

function connectionsTo(database: string) {
  return admin<{ id: number }>(
    `select id from information_schema.processlist where db = '${database}' and id <> connection_id()`,
  );
}
