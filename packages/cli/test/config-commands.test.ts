import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal } from "./support/run-process.ts";

const check = ["config", "check"];

it("S066 S067: a configuration is checked step by step, and the first that fails is told with cause and remedy", async () => {
  const folder = await applicationHere({
    "tenancy.config.ts": config(),
    "throws.js": `throw new Error("no way to postgres://app:hunter2@db/x");`,
    "none.js": "export default 5;",
    "invalid.js": `export default { registry: 5, provisioning: 5 };`,
    "unreachable.js": `
import { sqliteRegistry } from "@af-tenancy/sqlite";
export default () => ({ registry: sqliteRegistry({ file: import.meta.dirname + "/a-folder" }) });`,
    "lost.js": `
import { memoryRegistry } from "@af-tenancy/core";
const registry = memoryRegistry();
export default { registry, store: { ...registry.store, list: registry.store.list, async find() { throw new Error("the network is down"); } } };`,
  });
  mkdirSync(join(folder, "a-folder"));
  const failing = async (file: string) => {
    const told = await jsonHere([...check, "--config", file], folder);
    const { ok, steps } = outputs["config-check"].parse(told) as {
      ok: boolean;
      steps: { step: string; state: string; error: { code: string; causes: string[] } | null }[];
    };
    const failed = steps.filter(({ state }) => state === "failed");
    const { code } = await runHere([...check, "--config", file, "--quiet"], folder);
    return { ok, code, failed: failed.map(({ step, error }) => `${step} ${error?.code}`), steps };
  };

  const fine = await jsonHere(check, folder);
  const throws = await failing("throws.js");
  const german = await runHere([...check, "--config", "throws.js", "--lang", "de"], folder);

  expect(outputs["config-check"].parse(fine)).toMatchObject({
    ...{ ok: true, config: join(folder, "tenancy.config.ts") },
    steps: ["find", "load", "compose", "start", "registry"].map((step) => ({
      ...{ step, state: "passed", error: null },
    })),
  });
  expect(throws).toMatchObject({ ok: false, code: 1, failed: ["load CONFIG_NOT_LOADED"] });
  expect(throws.steps.map(({ state }) => state)).toEqual([
    ...["passed", "failed", "skipped", "skipped", "skipped"],
  ]);
  expect(throws.steps[1]?.error?.causes).toEqual(["no way to postgres://***@db/x"]);
  for (const [file, failed] of [
    ["absent.js", "find CONFIG_NOT_FOUND"],
    ["none.js", "load CONFIG_NOT_LOADED"],
    ["invalid.js", "compose INVALID_CONFIGURATION"],
    ["unreachable.js", "start REGISTRY_UNAVAILABLE"],
    ["lost.js", "registry Error"],
  ] as const) {
    expect(await failing(file), file).toMatchObject({ ok: false, code: 1, failed: [failed] });
  }
  expect(german.stdout).toContain("- lädt sie\n  CONFIG_NOT_LOADED: ");
  expect(german.stdout).toContain("weil: no way to postgres://***@db/x");
});

it("S066 S067: the options that hold are shown, also those left out, without a secret, and nothing is opened", async () => {
  const more = `
    hooks: { failure: function tellFailure() {} },
    central: ["example.com"],
    keys: createKeyRing({ current: "Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5LXN0YXBsZS1oZXk=" }),
    admission: { bypassMs: 1_000, answers: { TENANT_NOT_FOUND: { status: 410 } } },
    clock: { now: Date.now, monotonic: Date.now, sleep: async () => {}, password: "hunter2" },
    databases,`;
  const folder = await makeApplication({
    "tenancy.config.ts": config()
      .replace("{ defineTenancy }", "{ createKeyRing, defineTenancy }")
      .replace("    databases,", more),
  });

  const { code, screen } = await runInTerminal(["config", "show"], { folder });
  const { stdout } = await runHere(["config", "show", "--json"], folder);
  const quiet = await runHere(["config", "show", "--quiet"], folder);

  const told = outputs.config.parse(JSON.parse(stdout)) as {
    options: { option: string; value: unknown; source: string }[];
  };
  const of = (name: string) => told.options.find(({ option }) => option === name);
  expect(code).toBe(0);
  expect(screen).toContain("│ graceMs");
  expect(of("databases")).toMatchObject({
    ...{ source: "configuration" },
    value: { driver: "sqlite", strategy: "database", server: "default", migrations: false },
  });
  expect(of("hooks")).toMatchObject({ value: { failure: "[function tellFailure]" } });
  expect(of("admission")).toMatchObject({
    value: { answers: { TENANT_NOT_FOUND: { status: 410 } } },
  });
  expect(of("clock")).toMatchObject({ value: "[object]" });
  expect(of("central")).toMatchObject({ value: ["example.com"] });
  expect(of("graceMs")).toEqual({ option: "graceMs", value: 5_000, source: "default" });
  expect(quiet.stdout.split("\n")).toContain("keys");
  expect(stdout + screen).not.toMatch(/hunter2|Y29ycmVjdC/);
  expect(existsSync(join(folder, "data/registry.sqlite"))).toBe(false);
});

it.each([
  ["postgresql", "postgresql"],
  ["mysql", "mariadb"],
])(
  "S067: the options of %s with a user for each tenant are shown, which have their keys from the tenancy",
  async (driver, orm) => {
    const folder = await makeApplication({
      "tenancy.config.ts": `
import { createKeyRing, memoryRegistry } from "@af-tenancy/core";
import { ${driver} } from "@af-tenancy/${driver}";
import { defineEntity, p } from "@mikro-orm/${orm}";
const Note = defineEntity({ name: "Note", properties: { id: p.integer().primary() } });
const connection = { host: "127.0.0.1", port: 1, user: "nobody", database: "nowhere" };
export default () => ({
  registry: memoryRegistry(),
  databases: ${driver}({ connection, users: true, entities: [Note]${driver === "mysql" ? ", flavour: 'mariadb'" : ""} }),
  keys: createKeyRing({ current: "${"k".repeat(43)}=" }),
});`,
    });

    const shown = outputs.config.parse(await jsonHere(["config", "show"], folder));

    expect(shown).toMatchObject({
      options: expect.arrayContaining([
        expect.objectContaining({
          option: "databases",
          value: expect.objectContaining({ driver, strategy: "database", server: "default" }),
        }),
      ]),
    });
    expect(JSON.stringify(shown)).not.toContain("kkkk");
  },
  120_000,
);
