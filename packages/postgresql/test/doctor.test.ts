import type { ConnectionBudget, DoctorOptions, Finding } from "@af-tenancy/database";
import { openCredentials } from "@af-tenancy/database";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { backendMemory } from "../src/doctor/backend-memory.ts";
import type { PostgresqlPatient } from "../src/doctor/postgresql-patient.ts";
import { startPooler } from "./doctor-pooler.ts";
import { Author, Note } from "./entities.ts";
import { sharedFleet, startFleet } from "./fleet.ts";
import { keys } from "./managers.ts";
import { hasPgBouncer } from "./pgbouncer.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

const skipped = { skip: withServer !== "", timeout: 30_000 };
const withPooler = hasPgBouncer ? "" : " (skipped: pgbouncer is not installed)";
const withoutPooler = { timeout: 30_000, skip: withServer !== "" || withPooler !== "" };

// Whoever spoils one of these puts it right again.
const inDatabases = sharedFleet((over) => startFleet({ strategy: "database" }, over));
const inSchemas = sharedFleet((over) => startFleet({ strategy: "schema" }, over));
const withUsers = sharedFleet((over) => startFleet({ strategy: "database", users: true }, over));
const inSchemasWithUsers = sharedFleet((over) =>
  startFleet({ strategy: "schema", users: true }, over),
);

describe(`a healthy server${withServer}`, skipped, () => {
  it.each([
    ["databases", inDatabases],
    ["schemas", inSchemas],
    ["databases with users", withUsers],
    ["schemas with users", inSchemasWithUsers],
  ] as const)("F088: finds nothing wrong with tenants in %s", async (_, fleetOf) => {
    const { db } = fleetOf();

    await expect(db.doctor()).resolves.toEqual([]);
  });

  it("finds nothing before the first tenant", async () => {
    await expect(examine()).resolves.toEqual([]);
  });
});

describe(`servers that are not there${withServer}`, skipped, () => {
  it("finds each server that it cannot reach, and looks at the others", async () => {
    const role = await loginRole("nocreatedb");

    const findings = await examine({
      connection: { ...server, user: role },
      servers: { eu: { port: 1 } },
    });

    expect(subjects(findings)).toEqual([
      ["postgresql/missing-rights", `user "${role}" of server "default"`],
      ["doctor/unreachable", 'postgresql server "eu"'],
    ]);
  });

  it("finds a server that a placement names and the options do not", async () => {
    const { db, acme } = inDatabases();
    const moved = { ...acme, placement: { ...db.place(acme.id, 1), server: "moon" } };

    const findings = await db.doctor({ tenants: [moved] });

    expect(subjects(findings)).toEqual([["doctor/unreachable", 'postgresql server "moon"']]);
  });
});

describe(`F087: poolers${withServer}${withPooler}`, withoutPooler, () => {
  const unsafe = [["postgresql/unsafe-pooler", 'server "default"']];
  const ignoring = "ignore_startup_parameters = options";

  it("finds one that hands out sessions by transaction and hides it", async () => {
    const port = await startPooler("transaction", ignoring);

    expect(subjects(await examine({ connection: { ...server, port } }))).toEqual(unsafe);
  });

  it("finds one that gives each statement another session", async () => {
    const port = await startPooler("transaction", `${ignoring}\nserver_round_robin = 1`);
    const together = Array.from({ length: 5 }, () => hold(port));
    await Promise.all(together);

    const findings = await examine({ connection: { ...server, port } });

    expect(subjects(findings)).toEqual(unsafe);
    expect(findings[0]?.message).toBe("A session lost what it had set.");
  });

  it("finds one that refuses what a session is opened with", async () => {
    const port = await startPooler("transaction");

    expect(subjects(await examine({ connection: { ...server, port } }))).toEqual(unsafe);
  });

  it("finds nothing once it is said that there is one", async () => {
    const port = await startPooler("transaction");

    await expect(examine({ connection: { ...server, port, pooler: true } })).resolves.toEqual([]);
  });

  it("finds nothing wrong with one that leaves sessions whole", async () => {
    const port = await startPooler("session", ignoring);

    await expect(examine({ connection: { ...server, port } })).resolves.toEqual([]);
  });

  it("finds a login whose own search_path shows tables to statements that say nothing", async () => {
    const port = await startPooler("transaction");
    const connection = { ...server, port, pooler: true };

    const findings = await examine({ connection, strategy: "schema" });

    const subject = `user "${server.user}" of server "default"`;
    expect(subjects(findings)).toEqual([["postgresql/login-search-path", subject]]);
  });
});

describe(`F088: who gets into a tenant's data${withServer}`, skipped, () => {
  it("finds databases that everybody may connect to, and whose users then do", async () => {
    const { db, acme, globex } = withUsers();
    const [name, other] = [nameOf(acme), nameOf(globex)];
    await spoil(
      `grant connect on database "${name}" to public`,
      `revoke connect on database "${name}" from public`,
    );

    const findings = await db.doctor();

    expect(subjects(findings)).toEqual([
      ["postgresql/public-connect", `database "${name}"`],
      ["postgresql/reaches-other-tenant", `user "${other}"`],
    ]);
    await expect(connects(globex, name)).resolves.toBe(true);
    await expect(connects(acme, other)).resolves.toBe(false);
  });

  it.each([
    [
      "CONNECT",
      (own: string, other: string) => `grant connect on database "${other}" to "${own}"`,
      (own: string, other: string) => `revoke connect on database "${other}" from "${own}"`,
    ],
    [
      "member",
      (own: string, other: string) => `grant "${other}" to "${own}"`,
      (own: string, other: string) => `revoke "${other}" from "${own}"`,
    ],
    [
      "superuser",
      (own: string) => `alter role "${own}" superuser`,
      (own: string) => `alter role "${own}" nosuperuser`,
    ],
  ])("finds a tenant's user that reaches another's database: %s", async (how, grant, revoke) => {
    const { db, acme, globex } = withUsers();
    const names = [nameOf(acme), nameOf(globex)] as const;
    await spoil(grant(...names), revoke(...names));

    const findings = await db.doctor();

    expect(findings).toEqual([
      expect.objectContaining({
        check: "postgresql/reaches-other-tenant",
        subject: `user "${nameOf(acme)}"`,
        message: expect.stringMatching(`"${nameOf(globex)}" of another tenant: it .*${how}`),
      }),
    ]);
  });

  it("finds a tenant's user that reaches another's schema", async () => {
    const { db, acme, globex } = inSchemasWithUsers();
    const [name, other] = [nameOf(acme), nameOf(globex)];
    await spoil(
      `grant usage on schema "${other}" to "${name}"`,
      `revoke usage on schema "${other}" from "${name}"`,
    );

    const findings = await db.doctor();

    const subject = `user "${nameOf(acme)}"`;
    expect(subjects(findings)).toEqual([["postgresql/reaches-other-tenant", subject]]);
  });
});

describe(`rights and limits${withServer}`, skipped, () => {
  it.each([
    ["CREATEDB", "nocreatedb createrole", { strategy: "database", users: true }],
    ["CREATE on database", "createdb", { strategy: "schema" }],
    ["CREATEROLE", "createdb nocreaterole", { strategy: "database", users: true }],
  ] as const)("finds that %s is missing", async (right, able, options) => {
    const role = await loginRole(able);

    const findings = await examine({ connection: { ...server, user: role }, ...options });

    expect(findings).toEqual([
      expect.objectContaining({
        check: "postgresql/missing-rights",
        subject: `user "${role}" of server "default"`,
        message: expect.stringContaining(`It lacks ${right}`),
      }),
    ]);
  });

  it("finds nothing missing where the user has what is needed and no more", async () => {
    const role = await loginRole("createdb createrole");

    const findings = await examine({ connection: { ...server, user: role }, users: true });

    expect(findings).toEqual([]);
  });

  it("finds more connections than the server lets in", async () => {
    const [row] = await asAdmin<{ readonly free: number }>(
      "select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as free",
    );
    const half = Math.floor((row?.free ?? 0) / 2);

    const enough = await examine({ maxConnections: half - 2 }, { processes: 2 });
    const more = await examine({ maxConnections: half }, { processes: 2 });

    expect(enough).toEqual([]);
    expect(subjects(more)).toEqual([["postgresql/connection-limit", 'server "default"']]);
  });

  it("finds more connections than the user may have", async () => {
    const role = await loginRole("createdb connection limit 11");

    const findings = await examine({ connection: { ...server, user: role }, maxConnections: 10 });

    expect(subjects(findings)).toEqual([["postgresql/connection-limit", 'server "default"']]);
  });
});

describe(`memory of the server's processes${withServer}`, skipped, () => {
  it("finds more tables in tenants' schemas than a process should remember, as measured", async () => {
    const { db, acme } = inSchemas();
    const tables = Array.from({ length: 20 }, (_, i) => `"${nameOf(acme)}".t${i}`);
    await spoil(
      tables.map((name) => `create table ${name} (id int)`).join(";"),
      `drop table ${tables.join(", ")}`,
    );

    const findings = await db.doctor({ maxBackendMemory: 1_024 });

    expect(findings).toEqual([
      expect.objectContaining({ check: "postgresql/backend-memory", severity: "warning" }),
    ]);
    expect(findings[0]?.message).not.toContain("at 17500 bytes a table");
  });

  it("counts as usual what it may not measure", async () => {
    const role = await loginRole("");
    await asAdmin(`grant create on database "${server.database}" to "${role}"`);
    const connection = { ...server, user: role };
    const { db } = await startFleet({ connection, strategy: "schema" });

    const findings = await db.doctor({ maxBackendMemory: 1_024 });

    expect(findings[0]?.message).toContain("at 17500 bytes a table");
  });

  it("reckons with connections that are closed after so many uses", async () => {
    expect(inSchemas()).toBeDefined(); // of whose tables it tells
    const memoryAfter = async (budget: ConnectionBudget) => {
      const patient = { budget, strategies: new Set(["schema"]), tenants: [], run: asAdmin };
      const found = await backendMemory.look({
        ...patient,
        maxBackendMemory: 1_024,
      } as unknown as PostgresqlPatient);
      return found[0]?.message;
    };

    expect(await memoryAfter({ connections: 1 })).not.toContain("has met 1 of them");
    expect(await memoryAfter({ connections: 1, maxUses: 1 })).toContain("has met 1 of them");
  });

  it("is no concern of tenants in databases of their own", async () => {
    const { db } = inDatabases();

    await expect(db.doctor({ maxBackendMemory: 1_024 })).resolves.toEqual([]);
  });
});

/** Asks the doctor of an application without tenants. */
function examine(options: Partial<PostgresqlOptions> = {}, more: DoctorOptions = {}) {
  const db = postgresql({ connection: server, entities: [Note, Author], ...options });
  return db.doctor({ tenants: [], ...more });
}

/** Does what the doctor is to find, and undoes it when the test is over. */
async function spoil(sql: string, undo: string): Promise<void> {
  onTestFinished(async () => void (await asAdmin(undo)));
  await asAdmin(sql);
}

function subjects(findings: readonly Finding[]): (readonly [string, string])[] {
  return findings.map(({ check, subject }) => [check, subject]);
}

/** Has a pooler open a session of the server for itself. */
async function hold(port: number): Promise<void> {
  const client = new Client({ ...server, port });
  await client.connect();
  await client.query("select pg_sleep(0.1)");
  await client.end();
}

/** Makes a user of the server that is gone when the test is over. */
async function loginRole(able: string): Promise<string> {
  const role = uniqueName("doctor");
  await asAdmin(`create role "${role}" login ${able}`);
  onTestFinished(async () => {
    await asAdmin(`drop owned by "${role}"; drop role "${role}"`);
  });
  return role;
}

type Placed = Awaited<ReturnType<typeof startFleet>>["acme"];

function nameOf({ placement }: Placed): string {
  return placement?.name ?? "";
}

/** Tells whether a tenant's own user gets into a database. */
async function connects({ id, placement }: Placed, database: string): Promise<boolean> {
  const client = new Client({
    ...server,
    database,
    ...openCredentials(keys, id, placement?.secret ?? ""),
  });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
