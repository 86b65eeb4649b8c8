import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningExample, startExample } from "./start-example.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

describe("the Express and SQLite example", { timeout: 60_000 }, () => {
  let folder: string;
  let example: RunningExample;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "express-sqlite-"));
    example = await startExample(main, { DATA_DIR: folder });
  });

  afterAll(async () => {
    await example.end("SIGKILL");
    await rm(folder, { recursive: true });
  });

  it("prints its URLs and three curl commands", () => {
    expect(example.output).toMatch(/http:\/\/acme\.localhost:\d+/);
    expect(example.output).toMatch(/http:\/\/globex\.localhost:\d+/);
    expect(example.output.match(/^ {2}curl /gm)).toHaveLength(3);
  });

  it("serves two tenants with equal ids, interleaved, the first one finishing first", async () => {
    const [acme, globex] = await Promise.all([
      example.ask("acme.localhost", "/notes", '{"text":"CANARY_acme_1"}'),
      example.ask("globex.localhost", "/notes", '{"text":"CANARY_globex_1"}'),
    ]);

    expect(acme).toEqual({ status: 201, body: { id: 1, text: "CANARY_acme_1" } });
    expect(globex).toEqual({ status: 201, body: { id: 1, text: "CANARY_globex_1" } });
    expect(await example.ask("acme.localhost", "/notes")).toEqual({
      status: 200,
      body: [{ id: 1, text: "CANARY_acme_1" }],
    });
    expect(await example.ask("globex.localhost", "/notes/1")).toEqual({
      status: 200,
      body: { id: 1, text: "CANARY_globex_1" },
    });
  });

  it("names the tenant on its host and lists the tenants on the central one", async () => {
    expect(await example.ask("acme.localhost", "/")).toMatchObject({
      status: 200,
      body: { tenant: "acme" },
    });
    const central = await example.ask("localhost", "/");
    expect(central.status).toBe(200);
    expect(
      (central.body as { tenants: { slug: string }[] }).tenants.map(({ slug }) => slug).sort(),
    ).toEqual(["acme", "globex"]);
  });

  it.each([
    ["an unknown host", "nobody.localhost", "/notes", undefined, 404, "TENANT_NOT_FOUND"],
    ["an invalid host", "a@acme.localhost", "/notes", undefined, 400, "INVALID_HOST"],
    ["an empty text", "acme.localhost", "/notes", '{"text":""}', 422, "INVALID_INPUT"],
    ["a blank text", "acme.localhost", "/notes", '{"text":"  "}', 422, "INVALID_INPUT"],
    ["a missing text", "acme.localhost", "/notes", "{}", 422, "INVALID_INPUT"],
    ["a text that is no string", "acme.localhost", "/notes", '{"text":{}}', 422, "INVALID_INPUT"],
    [
      "a text with U+0000",
      "acme.localhost",
      "/notes",
      '{"text":"a\\u0000b"}',
      422,
      "INVALID_INPUT",
    ],
    [
      "a text with half a character",
      "acme.localhost",
      "/notes",
      '{"text":"\\ud83d"}',
      422,
      "INVALID_INPUT",
    ],
    ["no host", "", "/notes", undefined, 400, "INVALID_HOST"],
    ["malformed JSON", "acme.localhost", "/notes", '{"text":', 400, "BAD_REQUEST"],
    ["an unknown note", "acme.localhost", "/notes/99", undefined, 404, "NOT_FOUND"],
    ["a malformed id", "acme.localhost", "/notes/1e999", undefined, 404, "NOT_FOUND"],
    ["a malformed path", "acme.localhost", "/notes/%ff", undefined, 400, "BAD_REQUEST"],
    ["a tenant's route on the central host", "localhost", "/notes", undefined, 404, "WRONG_SIDE"],
    ["an unknown route", "acme.localhost", "/nothing", undefined, 404, "NOT_FOUND"],
  ])("refuses %s", async (_what, host, path, body, status, code) => {
    const answer = await example.ask(host, path, body);

    expect(answer).toEqual({
      status,
      body: { error: { code, message: expect.stringMatching(/\w/) } },
    });
  });

  it.each(["", "application/x-www-form-urlencoded", "text/plain"])(
    "tells who sends a body of the type %j that JSON is wanted",
    async (type) => {
      const answer = await example.ask("acme.localhost", "/notes", '{"text":"Hello"}', type);

      expect(answer).toMatchObject({
        status: 422,
        body: { error: { code: "INVALID_INPUT", message: expect.stringContaining("JSON") } },
      });
      expect(JSON.stringify(answer.body)).toContain("content type application/json");
    },
  );

  it("has every acknowledged note after kill -9, and ends cleanly on SIGTERM", async () => {
    const acknowledged: number[] = [];
    for (let i = 0; i < 20; i++) {
      const answer = await example.ask("acme.localhost", "/notes", `{"text":"note ${i}"}`);
      if (answer.status === 201) acknowledged.push((answer.body as { id: number }).id);
    }
    const late = Array.from({ length: 20 }, () =>
      example.ask("acme.localhost", "/notes", '{"text":"late"}').then(
        ({ body }) => acknowledged.push((body as { id: number }).id),
        () => undefined,
      ),
    );
    await Promise.race(late);
    await example.end("SIGKILL");
    await Promise.all(late);

    example = await startExample(main, { DATA_DIR: folder });
    const notes = (await example.ask("acme.localhost", "/notes")).body as { id: number }[];
    const globex = (await example.ask("globex.localhost", "/notes")).body as { text: string }[];
    const code = await example.end("SIGTERM");

    expect(notes.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(acknowledged.length).toBeGreaterThanOrEqual(21);
    expect(globex.every(({ text }) => text.startsWith("CANARY_globex"))).toBe(true);
    expect(code).toBe(0);
  });
});
