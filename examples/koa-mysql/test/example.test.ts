import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../src/settings.ts";
import { type RunningExample, startExample } from "./start-example.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const database = `af_example_koa_${process.pid}`;
const server = new URL(process.env.AF_MYSQL_URL ?? "mysql://root@127.0.0.1:3306");
const url = `mariadb://${server.username}:${server.password}@${server.hostname}:${server.port}/${database}`;

describe("the Koa and MySQL example", { timeout: 60_000 }, () => {
  let example: RunningExample;

  beforeAll(async () => {
    example = await startExample(main, { DATABASE_URL: url });
  }, 60_000);

  afterAll(async () => {
    await example.end("SIGKILL");
    await dropAll();
  });

  it("prints its URLs and three curl commands", () => {
    expect(example.output).toMatch(/http:\/\/acme\.localhost:\d+/);
    expect(example.output.match(/^ {2}curl /gm)).toHaveLength(3);
  });

  it("serves two tenants with equal ids, interleaved", async () => {
    const [acme, globex] = await Promise.all([
      example.ask("acme.localhost", "/notes", '{"text":"CANARY_acme_1"}'),
      example.ask("globex.localhost", "/notes", '{"text":"CANARY_globex_1"}'),
    ]);

    expect(acme).toEqual({ status: 201, body: { id: 1, text: "CANARY_acme_1" } });
    expect(globex).toEqual({ status: 201, body: { id: 1, text: "CANARY_globex_1" } });
    const notes = await example.ask("acme.localhost", "/notes");
    expect(notes).toEqual({ status: 200, body: [{ id: 1, text: "CANARY_acme_1" }] });
  });

  it("lists the tenants on the central host", async () => {
    const { status, body } = await example.ask("localhost", "/tenants");

    expect(status).toBe(200);
    const { tenants } = body as { tenants: { slug: string }[] };
    expect(tenants.map(({ slug }) => slug).sort()).toEqual(["acme", "globex"]);
  });

  it("lives, is ready, and says that a tenant's database is well", async () => {
    expect(await example.ask("10.0.0.7", "/live")).toMatchObject({ status: 200 });
    expect(await example.ask("10.0.0.7", "/ready")).toMatchObject({ status: 200 });
    expect(await example.ask("acme.localhost", "/health")).toEqual({
      status: 200,
      body: { status: "ok", tenant: "acme", checks: { database: "ok" } },
    });
  });

  it.each([
    ["an unknown host", "nobody.localhost", "/notes", undefined, 404, "TENANT_NOT_FOUND"],
    ["an invalid host", "a@acme.localhost", "/notes", undefined, 400, "INVALID_HOST"],
    ["no host", "", "/notes", undefined, 400, "INVALID_HOST"],
    ["an empty text", "acme.localhost", "/notes", '{"text":""}', 422, "INVALID_INPUT"],
    ["malformed JSON", "acme.localhost", "/notes", '{"text":', 400, "BAD_REQUEST"],
    ["a malformed path", "acme.localhost", "/notes/%ff", undefined, 400, "BAD_REQUEST"],
    ["a tenant's route on the central host", "localhost", "/notes", undefined, 404, "WRONG_SIDE"],
    [
      "a central route on a tenant's host",
      "acme.localhost",
      "/tenants",
      undefined,
      404,
      "WRONG_SIDE",
    ],
    ["an unknown route", "acme.localhost", "/nothing", undefined, 404, "NOT_FOUND"],
  ])("refuses %s", async (_what, host, path, body, status, code) => {
    const answer = await example.ask(host, path, body);

    expect(answer).toEqual({
      status,
      body: { error: { code, message: expect.stringMatching(/\w/) } },
    });
  });

  it("F147 G14: ends with 0 on SIGTERM under load, and every acknowledged note is there", async () => {
    const acknowledged: number[] = [];
    const writing = Array.from({ length: 20 }, () =>
      example.ask("globex.localhost", "/notes", '{"text":"CANARY_globex_2"}').then(
        ({ status, body }) => {
          expect(status).toBe(201);
          acknowledged.push((body as { id: number }).id);
        },
        (error: unknown) => expect(String(error)).toMatch(/ECONNREFUSED|ECONNRESET/),
      ),
    );
    await Promise.race(writing);
    const code = await example.end("SIGTERM");
    await Promise.all(writing);
    example = await startExample(main, { DATABASE_URL: url });

    const { body } = await example.ask("globex.localhost", "/notes");
    const notes = body as { id: number; text: string }[];
    expect(code).toBe(0);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(notes.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(notes.every(({ text }) => text.startsWith("CANARY_globex"))).toBe(true);
  });
});

it("F149: lives and is not ready while its database server is away", async () => {
  const away = url.replace(/:\d+\//, ":1/");
  const example = await startExample(main, { DATABASE_URL: away }, "Listening");

  expect(await example.ask("10.0.0.7", "/live")).toMatchObject({ status: 200 });
  expect(await example.ask("10.0.0.7", "/ready")).toMatchObject({ status: 503 });
  expect(await example.ask("acme.localhost", "/notes")).toMatchObject({
    status: 503,
    body: { error: { code: "TENANCY_CLOSED" } },
  });
  expect(await example.end("SIGTERM")).toBe(0);
});

it.each(["abc", "http://localhost/x", "mysql://localhost", "mysql://localhost/a-b"])(
  "refuses the address %j",
  (DATABASE_URL) => {
    expect(readSettings({ DATABASE_URL })).toMatch(/^DATABASE_URL is wrong: give /);
  },
);

it("says in one line why it cannot begin", () => {
  const env = { ...process.env, PORT: "abc" };
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: "utf8" });

  expect(status).toBe(2);
  expect(stderr).toBe('PORT is "abc": give a whole number from 0 to 65535.\n');
});

/** Drops the tenants' databases, and the one that names them. */
async function dropAll(): Promise<void> {
  const connection = await createConnection(server.href);
  const [rows] = await connection.query(`select name from ${database}.physical_databases`);
  for (const { name } of rows as { name: string }[]) {
    await connection.query(`drop database if exists \`${name}\``);
  }
  await connection.query(`drop database ${database}`);
  await connection.end();
}
