import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createTenancy, type Tenancy } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { listen } from "./support/listen.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { startProcess } from "./support/run-process.ts";

it("finds two tenants apart in database, cache, routes and sessions, and removes them", async () => {
  const folder = await applicationHere({ "tenancy.config.ts": cached(own) });
  const at = await serve(folder, {});

  const rehearsed = await isolation(folder, [...routes(at), "--dry-run"]);
  const found = await isolation(folder, routes(at));
  const inside = await runHere(["test", "isolation"], folder);

  expect(states(rehearsed)).toEqual(["waiting", "waiting", "waiting", "waiting"]);
  expect(states(found)).toEqual(["isolated", "isolated", "isolated", "isolated"]);
  expect(found.tenants).toHaveLength(2);
  expect([inside.code, inside.stdout]).toEqual([0, expect.stringMatching(/^database +isolated/)]);
  await expectNobody(folder);
});

it("fails for an application that leaks: rows, cached values, answers or sessions", async () => {
  const shared = await applicationHere({ "tenancy.config.ts": cached(everybodys) });
  const sound = await applicationHere({ "tenancy.config.ts": cached(own) });
  const answers = await serve(sound, { answers: true });
  const headers = await serve(sound, { headers: true });
  const sessions = await serve(sound, { sessions: true });

  const inside = await isolation(shared, []);
  const code = (await runHere(["test", "isolation", "--quiet"], shared)).code;
  const byAnswers = await isolation(sound, routes(answers));
  const byHeaders = await isolation(sound, routes(headers));
  const bySessions = await isolation(sound, routes(sessions));

  expect([states(inside), code]).toEqual([["leaking", "leaking"], 1]);
  expect(states(byAnswers)).toEqual(["isolated", "isolated", "leaking", expect.any(String)]);
  expect(states(byHeaders)).toEqual(["isolated", "isolated", "leaking", "isolated"]);
  expect(states(bySessions)).toEqual(["isolated", "isolated", "isolated", "leaking"]);
  expect(bySessions.surfaces.at(-1)?.message).toMatch(/"isolation-.*" saw what is of "isolation-/);
  await expectNobody(shared);
  await expectNobody(sound);
});

it("takes what it was not shown for unknown, and never for isolated", async () => {
  const folder = await applicationHere();
  const at = await serve(folder, {});
  const ask = (...argv: string[]) => runHere(["test", "isolation", ...argv], folder);
  const hosts = ["--hosts", "{slug}.example.com"];

  const blank = await isolation(folder, [...hosts, "--url", `${at}/nothing`]);
  const dead = await isolation(folder, [...hosts, "--url", "http://127.0.0.1:1/"]);
  const noReader = await isolation(folder, [...hosts, "--url", `${at}/remember?text={canary}`]);
  const open = await isolation(folder, routes(await serve(folder, { signedOut: true })));
  const inside = await isolation(await applicationHere({ "tenancy.config.ts": deaf }), []);

  expect(states(blank)).toEqual(["isolated", "absent", "untested", "absent"]);
  expect(states(dead)).toEqual(["isolated", "absent", "untested", "untested"]);
  expect(dead.surfaces.at(-1)?.message).toMatch(/ECONNREFUSED.* Start the application/);
  await expectNobody(folder);
  expect(states(noReader).at(-1)).toBe("untested");
  expect(states(open)).toEqual(["isolated", "absent", "isolated", "untested"]);
  expect(inside.surfaces).toMatchObject([
    { state: "untested", message: expect.stringContaining("CHECK constraint") },
    { state: "untested", message: expect.stringContaining("does not see its own") },
  ]);
  for (const wrong of [
    ["--url", "http://127.0.0.1:1/"],
    ["--url", "ftp://{slug}"],
    ["--hosts", "example.com"],
  ]) {
    expect(await ask(...wrong), wrong.join(" ")).toMatchObject({ code: 2, stdout: "" });
  }
});

it("F140: the two are removed also when the built command is stopped amid a route", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config() });
  const asked = Promise.withResolvers<void>();
  const at = await listen(() => asked.resolve());

  const words = ["test", "isolation", "--hosts", "{slug}.example.com", "--url", `${at}/slow`];
  const { child, ended } = await startProcess(words, { folder });
  await asked.promise;
  child.kill("SIGINT");

  expect(await ended).toMatchObject({ code: 130, stdout: "" });
  await expectNobody(folder);
});

it("F140: they are removed as well when it is stopped while one of them is being made", async () => {
  const slow =
    "creation: { tenant: [{ name: 'slow', run: () => new Promise((go) => setTimeout(go, 400)) }] }";
  const folder = await applicationHere({ "tenancy.config.ts": config(slow) });
  const files = () => readdirSync(join(folder, "data")).filter((name) => name.startsWith("t_"));
  const stop = new AbortController();

  const running = runHere(["test", "isolation"], folder, {}, stop.signal);
  await expect.poll(files, { interval: 5, timeout: 30_000 }).toHaveLength(1);
  stop.abort();

  expect((await running).code).toBe(130);
  await expectNobody(folder);
});

const routes = (at: string) => [
  ...["--hosts", "{slug}.example.com", "--rounds", "4"],
  ...["--url", `${at}/remember?text={canary}`, "--url", `${at}/me`, "--url", `${at}/notes`],
];

async function isolation(folder: string, argv: readonly string[]): Promise<Isolation> {
  const told = await jsonHere(["test", "isolation", ...argv], folder);
  return outputs.isolation.parse(told) as Isolation;
}

interface Isolation {
  readonly tenants: readonly string[];
  readonly surfaces: readonly { readonly state: string; readonly message: string }[];
}

function states({ surfaces }: Isolation): readonly string[] {
  return surfaces.map(({ state }) => state);
}

async function expectNobody(folder: string): Promise<void> {
  expect((await runHere(["tenant", "list", "--all", "--quiet"], folder)).stdout).toBe("");
  expect(readdirSync(join(folder, "data")).filter((name) => name.startsWith("t_"))).toEqual([]);
}

/** A process of the application that serves; what leaks does so on purpose. */
async function serve(
  folder: string,
  leaks: Partial<Record<"answers" | "headers" | "sessions" | "signedOut", boolean>>,
): Promise<string> {
  const { default: make } = await import(join(folder, "tenancy.config.ts"));
  const options = make();
  const tenancy: Tenancy = createTenancy(options);
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const sessions = new Map<string, string>();
  const last = new Map<string, string>();
  let answered: string | undefined;
  const notes = async (em: SqlEntityManager) =>
    JSON.stringify(await em.find(options.databases.entities()[0], {}));
  return listen(async (request, response) => {
    const { host = "", cookie = "" } = request.headers;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    await tenancy.run({ by: "domain", value: host }, async ({ id }) => {
      const sid = /sid=([^;]+)/.exec(cookie)?.[1] ?? randomUUID();
      const session = leaks.sessions ? sid : `${id} ${sid}`;
      if (pathname === "/remember") {
        sessions.set(session, searchParams.get("text") ?? "");
        last.set(id, searchParams.get("text") ?? "");
        response.setHeader("set-cookie", `sid=${sid}; Path=/; HttpOnly`);
      }
      const remembered = leaks.signedOut ? last.get(id) : sessions.get(session);
      if (pathname === "/me") response.write(remembered ?? "nobody");
      if (pathname === "/notes") {
        const fresh = await notes(options.databases.em());
        answered ??= fresh;
        if (leaks.headers) response.setHeader("x-first", answered);
        response.write(leaks.answers ? answered : fresh);
      }
      response.end();
    });
  });
}

/** Each tenant's cache is its own. */
const own = {
  before: "",
  databases: "databases,",
  caches: "cacheBootstrapper(applicationCaches({ stores: { default: memoryCache() } }))",
};

/** What is to be each tenant's own is everybody's. */
const everybodys = {
  before: `
import { MikroORM } from "@mikro-orm/sqlite";
const file = import.meta.dirname + "/data/everybody.sqlite";
const Row = defineEntity({ name: "Row", properties: { id: p.integer().primary(), text: p.text() } });
const orm = await MikroORM.init({ entities: [Row], dbName: file });
await orm.schema.update();
const kept = new Map();`,
  databases: `databases: new Proxy(databases, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === "em") return () => orm.em.fork();
      return typeof value === "function" ? value.bind(target) : value;
    },
  }),`,
  caches: `{
    name: "cache",
    bootstrap: (scope) => scope.provide(TENANT_CACHES, () => ({
      cache: () => ({ set: async (key, value) => kept.set(key, value), get: async (key) => kept.get(key) }),
    })),
  }`,
};

function cached({ before, databases, caches }: typeof own): string {
  const imports = `
import { TENANT_CACHES } from "@af-tenancy/core";
import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches, memoryCache } from "@af-tenancy/cache";
${before}`;
  return config("", imports).replace(
    "    databases,\n",
    `    ${databases}\n    bootstrappers: [${caches}],\n`,
  );
}

/** Rows are refused, and what is kept is lost at once. */
const deaf = cached({
  ...everybodys,
  before: "",
  databases: "databases,",
  caches: everybodys.caches
    .replace("kept.set(key, value)", "true")
    .replace("kept.get(key)", "undefined"),
}).replace("text: p.text() }", "text: p.text() }, checks: [{ expression: 'length(text) < 9' }]");
