import { randomUUID } from "node:crypto";
import { createTenancy, KeysRequiredError, memoryRegistry } from "@af-tenancy/core";
import { sealCredentials } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Site, startFleet, startSite } from "./fleet.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

const credentials = "database-credentials";

it("asks for the key ring when the application is put together, not at the first tenant", () => {
  const db = mysql({ connection: server, flavour: "mariadb", entities: [Note], users: true });

  const put = () => createTenancy({ registry: memoryRegistry(), databases: db });

  expect(put).toThrow(KeysRequiredError);
});

describe.skipIf(missing)("tenants with users of their own", () => {
  it("C042: makes the user with the database, and drops it with the database", async () => {
    const site = await startSite({ users: true });
    const { db, place } = site;
    const { id: tenantId, placement } = place("acme");
    const user = userOf(site, tenantId, placement.secret);
    expect(await grantsOf(user)).toBeUndefined();

    await db.manager(placement).create({ tenantId, placement });
    expect(await grantsOf(user)).toBeDefined();

    await db.manager(placement).drop({ tenantId, placement });
    expect(await grantsOf(user)).toBeUndefined();
    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
  });

  it("C020 C033: reaches each tenant's rows as its own user, over one connection", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ users: true, maxConnections: 1 });
    const read = () =>
      db
        .em()
        .execute<{ user: string; connection: number; text: string }[]>(
          "select current_user() as user, connection_id() as connection, text from note where id = 1",
        );
    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }

    const [ofAcme] = await tenancy.run(acme, read);
    const [ofGlobex] = await tenancy.run(globex, read);
    const [again] = await tenancy.run(acme, read);

    expect([ofAcme?.text, ofGlobex?.text, again?.text]).toEqual(["acme", "globex", "acme"]);
    expect(ofAcme?.connection).toBe(ofGlobex?.connection);
    expect(ofAcme?.user).not.toBe(ofGlobex?.user);
    expect(again?.user).toBe(ofAcme?.user);
  });

  it("has the server refuse a qualified name of another tenant's table, and USE", async () => {
    const { db, tenancy, acme, globex } = await startFleet({ users: true });
    const theirs = `\`${globex.placement.name}\``;

    for (const sql of [
      `select * from ${theirs}.note`,
      `insert into ${theirs}.note (id, text) values (1, 'x')`,
      `drop table ${theirs}.note`,
      `use ${theirs}`,
      "select * from mysql.user",
      `create database ${theirs.replace("`t", "`u")}`,
    ]) {
      await expect(
        tenancy.run(acme, () => db.em().execute(sql)),
        sql,
      ).rejects.toThrow("denied");
    }
  });

  it("without users of their own a qualified name does reach another tenant: it is scoping only", async () => {
    const { db, tenancy, acme, globex } = await startFleet();

    expect(
      await tenancy.run(acme, () =>
        db.em().execute(`select * from \`${globex.placement.name}\`.note`),
      ),
    ).toEqual([]);
  });

  it("F063: a name's underscores and percents are no wildcards in its grant", async () => {
    const site = await startSite({ users: true });
    const name = uniqueName("a_b");
    const alike = name.replace("a_b", "axb");
    await admin(`create database ${alike}; create table ${alike}.note (id int)`);
    onTestFinished(async () => void (await admin(`drop database ${alike}`)));

    const tenant = await site.add("acme", { name });

    await expect(
      site.tenancy.run(tenant, () => site.db.em().execute(`select * from ${alike}.note`)),
    ).rejects.toThrow("denied");
  });

  it("C043: takes no user that somebody else made, and makes nothing then", async () => {
    const site = await startSite({ users: true });
    const { db, keys } = site;
    const user = uniqueName("u").slice(0, 20);
    await admin(`create user '${user}'@'%' identified by 'theirs'`);
    onTestFinished(async () => void (await admin(`drop user '${user}'@'%'`)));
    const tenantId = randomUUID();
    const secret = sealCredentials(keys, tenantId, { user, password: "ours" });
    const placement = db.place(tenantId, 1, { secret });

    await expect(db.manager(placement).create({ tenantId, placement })).rejects.toMatchObject({
      code: "DATABASE_USER_TAKEN",
      status: 409,
    });

    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
    await db.manager(placement).drop({ tenantId, placement });
    expect(await grantsOf(user)).toEqual([expect.stringMatching(/^GRANT USAGE ON \*\.\*/)]);
  });

  it("C042: drops a user that gave itself another password", async () => {
    const { db, keys, tenancy, add } = await startSite({ users: true });
    const tenant = await add("acme");
    const { id: tenantId, placement } = tenant;
    const { user } = JSON.parse(keys.decrypt(credentials, placement.secret ?? "", tenantId));
    await tenancy.run(tenant, () => db.em().execute("set password = password('other')"));

    await db.manager(placement).drop({ tenantId, placement });

    expect(await grantsOf(user)).toBeUndefined();
    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
  });

  it("F051: goes on with a user that its own interrupted creation made", async () => {
    const site = await startSite({ users: true });
    const { db, keys, place } = site;
    const { id: tenantId, placement } = place("acme");
    const { user, password } = JSON.parse(
      keys.decrypt(credentials, placement.secret ?? "", tenantId),
    );
    await admin(`create user '${user}'@'%' identified by '${password}'`);

    await db.manager(placement).create({ tenantId, placement });

    expect((await grantsOf(user))?.join()).toContain("SELECT");
  });

  it.each([
    [undefined, "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER"],
    [["select", "insert"], "SELECT, INSERT"],
  ])("C044: grants what is configured and nothing else: %s", async (grants, expected) => {
    const site = await startSite({ users: grants === undefined ? true : { grants } });
    const { db, place } = site;
    const { id: tenantId, placement } = place("acme");

    await db.manager(placement).create({ tenantId, placement });

    const escaped = placement.name.replaceAll("_", "\\_");
    const given = await grantsOf(userOf(site, tenantId, placement.secret));
    expect(given).toHaveLength(2);
    expect(given?.[0]).toMatch(/^GRANT USAGE ON \*\.\* TO/);
    expect(given?.[1]).toMatch(`GRANT ${expected} ON \`${escaped}\`.* TO`);
    expect(given?.join()).not.toContain("GRANT OPTION");
  });

  it("C044: knows no grants that reach further than a database", () => {
    for (const grants of [
      ["ALL PRIVILEGES"],
      ["GRANT OPTION"],
      ["SUPER"],
      ["select on *.*; --"],
      [],
    ]) {
      expect(() => mysql({ connection: server, entities: [Note], users: { grants } })).toThrow(
        "users.grants",
      );
    }
    expect(() => mysql({ connection: server, entities: [Note], users: { host: "%' or" } })).toThrow(
      "users.host",
    );
  });

  it("C031: makes and drops as the application's user, whose rights the tenant's has not", async () => {
    const site = await startSite({ users: { grants: ["select"] } });
    const { id: tenantId, placement } = site.place("acme");
    const { db } = site;

    await db.manager(placement).create({ tenantId, placement });
    await db.manager(placement).drop({ tenantId, placement });

    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
  });

  it("C032: without users of their own, makes and drops as the user that the tenant brought", async () => {
    const site = await startSite();
    const { db, keys } = site;
    const [user, name] = [uniqueName("u").slice(0, 20), uniqueName("own")];
    await admin(
      `create user '${user}'@'%' identified by 'sp€c!al'; grant select on *.* to '${user}'@'%'`,
    );
    onTestFinished(async () => void (await admin(`drop user '${user}'@'%'`)));
    const tenantId = randomUUID();
    const seal = (password: string) => sealCredentials(keys, tenantId, { user, password });
    await admin(`set password for '${user}'@'%' = password('sp#c!al;--')`);
    const placement = db.place(tenantId, 1, { name, secret: seal("sp#c!al;--") });

    await expect(db.manager(placement).create({ tenantId, placement })).rejects.toMatchObject({
      code: "DATABASE_REFUSED",
    });
    await admin(`grant create, insert, drop on ${name}.* to '${user}'@'%'`);
    await db.manager(placement).create({ tenantId, placement });
    await db.manager(placement).drop({ tenantId, placement });

    expect(await db.manager(placement).inspect({ tenantId, placement })).toBeUndefined();
  });

  it("C033: reads a tenant's own password, given or generated, from the placement alone, and for nobody else", async () => {
    const site = await startSite({ users: true });
    const { db, keys } = site;
    const user = uniqueName("u").slice(0, 20);
    const tenantId = randomUUID();
    const secret = sealCredentials(keys, tenantId, { user, password: "given 1!#" });
    const tenant = await site.add("acme");
    const placement = db.place(tenantId, 1, { secret });

    await db.manager(placement).create({ tenantId, placement });
    onTestFinished(() => db.manager(placement).drop({ tenantId, placement }));

    expect(await grantsOf(user)).toBeDefined();
    expect(secret).not.toContain("given");
    expect(() => db.place(randomUUID(), 1, { secret })).toThrow(
      expect.objectContaining({ code: "DECRYPTION_FAILED" }),
    );
    const stolen = { ...tenant, placement: { ...tenant.placement, secret } };
    await expect(site.tenancy.run(stolen, () => db.em().find(Author, {}))).rejects.toMatchObject({
      code: "DECRYPTION_FAILED",
    });
  });

  it.each([
    ["user", { user: "o'brien", password: "x" }],
    ["user", { user: "", password: "x" }],
    ["user", { user: "x".repeat(33), password: "x" }],
    ["user", { user: null, password: "x" }],
    ["password", { user: "x", password: "it's" }],
    ["password", { user: "x", password: 'say "x"' }],
    ["password", { user: "x", password: "back\\slash" }],
    ["password", { user: "x", password: "`x`" }],
    ["password", { user: "x", password: "" }],
    ["password", { user: "x", password: null }],
  ])("C035: refuses a %s that could leave its quotes: %o", async (field, own) => {
    const { db, keys, place } = await startSite({ users: true });
    const { id, placement } = place("acme");
    const secret = sealCredentials(keys, id, own as never);
    const database = { tenantId: id, placement: { ...placement, secret } };

    expect(() => db.place(id, 1, { secret })).toThrow(field);
    await expect(db.manager(placement).create(database)).rejects.toThrow(field);
    await expect(db.manager(placement).drop(database)).rejects.toThrow(field);
  });

  it("C046: serves the tenants that were there before users were turned on", async () => {
    const before = await startFleet();
    const { tenancy, db } = await startSite({ users: true });
    await before.tenancy.run(before.acme, () =>
      before.db.em().insert(Note, { id: 1, text: "old" }),
    );

    const found = await tenancy.run(before.acme, () => db.em().find(Note, {}));

    expect(found.map(({ text }) => text)).toEqual(["old"]);
    await db.verify(before.acme);
    const { id: tenantId, placement } = before.acme;
    await db.manager(placement).drop({ tenantId, placement });
  });

  it("F085: uses new credentials as soon as the placement has them, also for who still names the old ones", async () => {
    const { db, keys, tenancy, acme } = await startFleet({ users: true, maxConnections: 1 });
    const { user } = JSON.parse(keys.decrypt(credentials, acme.placement.secret ?? "", acme.id));
    await tenancy.run(acme, () => db.em().find(Note, {}));
    await admin(`set password for '${user}'@'%' = password('rotated')`);
    const secret = sealCredentials(keys, acme.id, { user, password: "rotated" });
    const rotated = { ...acme, placement: { ...acme.placement, secret } };
    onTestFinished(() =>
      db.manager(rotated.placement).drop({ tenantId: acme.id, placement: rotated.placement }),
    );

    expect(await tenancy.run(rotated, () => db.em().find(Note, {}))).toEqual([]);
    const stale = { ...acme, placement: { ...acme.placement, generation: 1 } };
    expect(await tenancy.run(stale, () => db.em().find(Note, {}))).toEqual([]);
    expect(await tenancy.run(rotated, () => db.em().find(Note, {}))).toEqual([]);
  });
});

function userOf({ keys }: Site, tenantId: string, secret: string | undefined): string {
  return JSON.parse(keys.decrypt(credentials, secret ?? "", tenantId)).user;
}

async function grantsOf(user: string): Promise<readonly string[] | undefined> {
  try {
    const rows = await admin<Record<string, string>>(`show grants for '${user}'@'%'`);
    return rows.flatMap((row) => Object.values(row));
  } catch {
    return undefined;
  }
}
