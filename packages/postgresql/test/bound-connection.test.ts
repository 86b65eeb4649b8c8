import { type DialectDriver, sqlRunner } from "@af-tenancy/database";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { rowSettings, schemaSettings } from "../src/tenant-settings.ts";
import { openForTest } from "./open-for-test.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`a shared connection in a tenant's hands${withServer}`, () => {
  const acme = uniqueName("acme");
  const globex = uniqueName("globex");

  beforeAll(async () => {
    await asAdmin(`${schemaSql(acme)};${schemaSql(globex)}`);
    return async () => {
      await asAdmin(`drop schema ${acme} cascade; drop schema ${globex} cascade`);
    };
  });

  it("X10: F090: answers each statement from its tenant's schema, on one connection", async () => {
    const { ours, theirs } = await openBoth();

    const before = await texts(ours);
    await ours.run("update note set text = 'acme 2' where id = 1");
    const between = await texts(theirs);
    const after = await texts(ours);
    await ours.run("update note set text = 'acme' where id = 1");

    expect([before, between, after]).toEqual([["acme"], ["globex"], ["acme 2"]]);
  });

  it("X10: F090: finds nothing without a tenant, and never public", async () => {
    const { plain, ours } = await openBoth();
    await texts(ours);

    await expect(plain("select * from note")).rejects.toMatchObject({ code: "42P01" });
    expect(await plain("show search_path")).toEqual([{ search_path: "" }]);
  });

  it("keeps statements with parameters and streams in their tenant's schema", async () => {
    const { ours, theirs } = await openBoth();

    expect(await ours.query("select text from note where id = $1", [1])).toEqual([
      { text: "acme" },
    ]);
    expect(await theirs.stream("select text from note where id = $1", [1])).toEqual(["globex"]);
    expect(await ours.stream("select text from note where id = $1", [1])).toEqual(["acme"]);
    expect(await theirs.query("select text from note where id = $1", [1])).toEqual([
      { text: "globex" },
    ]);
  });

  it("keeps what a statement with parameters wrote, and takes back what failed", async () => {
    const { ours, theirs } = await openBoth();
    const insert = "insert into note (id, text) values ($1, $2)";

    await ours.query(insert, [2, "written"]);
    await expect(ours.query(insert, [2, "again"])).rejects.toMatchObject({ code: "23505" });

    expect(await ours.run("select text from note where id = 2")).toEqual([{ text: "written" }]);
    expect(await theirs.run("select text from note where id = 2")).toEqual([]);
    await ours.query("delete from note where id = $1", [2]);
  });

  it("lets statements with parameters that were sent at once fail one by one", async () => {
    const { ours } = await openBoth();
    const insert = "insert into note (id, text) values ($1, $2)";

    const outcomes = await Promise.allSettled([
      ours.query(insert, [3, "kept"]),
      ours.query(insert, [3, "refused"]),
      ours.query(insert, [4, "kept"]),
      ours.run("select count(*) from note"),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(await ours.query("delete from note where id > $1 returning id", [2])).toEqual([
      { id: 3 },
      { id: 4 },
    ]);
  });

  it("keeps a transaction, its savepoints and what follows an error in the tenant's schema", async () => {
    const { ours, theirs } = await openBoth();
    const compile = undefined as never;
    const { driver, connection } = ours;

    await driver.beginTransaction(connection, { isolationLevel: "repeatable read" });
    await driver.savepoint?.(connection, "s", compile);
    await expect(ours.run("select 1 / 0")).rejects.toThrow("division");
    await driver.rollbackToSavepoint?.(connection, "s", compile);
    expect(await texts(ours)).toEqual(["acme"]);
    expect(await ours.query("select text from note where id = $1", [1])).toEqual([
      { text: "acme" },
    ]);
    expect(await ours.stream("select text from note", [])).toEqual(["acme"]);
    await driver.rollbackTransaction(connection);

    expect(await texts(theirs)).toEqual(["globex"]);
  });

  it("F081: trusts nothing that a user before left, not even in the middle of its own work", async () => {
    const { ours, theirs } = await openBoth();

    await ours.run(`set search_path to ${globex}`);
    expect(await texts(ours)).toEqual(["acme"]);
    await ours.run(`select set_config('search_path', '${acme}', false)`);
    expect(await texts(theirs)).toEqual(["globex"]);
    await ours.run(`begin; set search_path to ${acme}; rollback`);
    expect(await texts(theirs)).toEqual(["globex"]);
    await ours.driver.beginTransaction(ours.connection, {});
    await ours.run(`set search_path to ${globex}`);
    await ours.driver.rollbackTransaction(ours.connection);
    expect(await texts(ours)).toEqual(["acme"]);
  });

  it("never lets a temporary table hide one of the tenant's", async () => {
    const { ours } = await openBoth();

    await ours.run("create temp table note (id int, text text)");

    expect(await texts(ours)).toEqual(["acme"]);
  });

  it("lets nothing follow a commit that was slipped in", async () => {
    const { ours } = await openBoth();

    await expect(ours.run("commit; select text from note")).rejects.toMatchObject({
      code: "42P01",
    });

    expect(await texts(ours)).toEqual(["acme"]);
  });

  it("takes a role in the same message, and the server refuses another tenant's qualified name", async () => {
    const { plain } = await openBoth();
    const role = uniqueName("role");
    await asAdmin(
      `create role ${role}; grant usage on schema ${acme} to ${role}; grant select on all tables in schema ${acme} to ${role}`,
    );
    onTestFinished(async () => void (await asAdmin(`drop owned by ${role}; drop role ${role}`)));
    const driver = (await openForTest({}, true)).boundTo(schemaSettings(acme, role));
    const ours = await userOf(driver);

    expect(await texts(ours)).toEqual(["acme"]);
    await expect(ours.run(`select * from ${globex}.note`)).rejects.toMatchObject({ code: "42501" });
    await expect(
      ours.query(`select * from ${globex}.note where id = $1`, [1]),
    ).rejects.toMatchObject({ code: "42501" });
    expect(await ours.run("select current_user as me")).toEqual([{ me: role }]);
    expect(await plain("select current_user = session_user as own")).toEqual([{ own: true }]);
  });

  it("names the tenant of shared tables in the same message, whatever its id", async () => {
    const shared = await openForTest({}, true);
    const id = "o'hara\\";
    const ours = await userOf(shared.boundTo(rowSettings(id, acme)));
    const plain = sqlRunner(await shared.acquireConnection());

    expect(await ours.run("select current_setting('app.tenant') as id")).toEqual([{ id }]);
    expect(await ours.query("select current_setting($1) as id", ["app.tenant"])).toEqual([{ id }]);
    expect(await plain("select nullif(current_setting('app.tenant', true), '') as id")).toEqual([
      { id: null },
    ]);
  });

  async function openBoth() {
    const shared = await openForTest({}, true);
    return {
      ours: await userOf(shared.boundTo(schemaSettings(acme))),
      theirs: await userOf(shared.boundTo(schemaSettings(globex))),
      plain: sqlRunner(await shared.acquireConnection()),
    };
  }
});

async function userOf(driver: DialectDriver) {
  const connection = await driver.acquireConnection();
  const statementOf = (sql: string, parameters: readonly unknown[]) =>
    ({ sql, parameters, query: {}, queryId: { queryId: "test" } }) as never;
  return {
    driver,
    connection,
    run: sqlRunner(connection),
    async query(sql: string, parameters: readonly unknown[]) {
      return (await connection.executeQuery<object>(statementOf(sql, parameters))).rows;
    },
    async stream(sql: string, parameters: readonly unknown[]) {
      const found: string[] = [];
      const chunks = connection.streamQuery<{ text: string }>(statementOf(sql, parameters), 1);
      for await (const { rows } of chunks) found.push(...rows.map(({ text }) => text));
      return found;
    },
  };
}

async function texts({ run }: { readonly run: ReturnType<typeof sqlRunner> }) {
  return (await run<{ text: string }>("select text from note where id = 1")).map(
    ({ text }) => text,
  );
}

function schemaSql(name: string): string {
  const tenant = name.slice(0, name.indexOf("_"));
  return (
    `create schema ${name}; create table ${name}.note (id int primary key, text text);` +
    `insert into ${name}.note values (1, '${tenant}')`
  );
}
