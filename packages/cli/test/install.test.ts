import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { frameworkRanges, mikroOrmVersion } from "../src/install/additions.ts";
import { outputs } from "../src/outputs/outputs.ts";
import { answerOf, startServer } from "./support/first-answer.ts";
import { contentOf, makeProject, modulesFor } from "./support/project.ts";
import { jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal, startProcess } from "./support/run-process.ts";

const patient = 120_000;
const installing = ["install", "--no-install"];
const enter = "\r";

it("S056: what the project has is found, a flag counts more, and a dry run changes nothing", async () => {
  const cases = [
    {
      manifest: { type: "module", dependencies: { koa: "^3.0.0", pg: "^8.0.0" } },
      more: { "pnpm-lock.yaml": "" },
      flags: [],
      found: { framework: "koa", driver: "postgresql", packageManager: "pnpm" },
      files: ["note.ts", "tenancy.config.ts", "server.ts"],
    },
    {
      manifest: { type: "commonjs", dependencies: { express: "^5.0.0" } },
      more: { "package-lock.json": "{}", "index.js": "", "yarn.lock": "" },
      flags: ["--framework", "fastify", "--driver", "mysql", "--package-manager", "pnpm"],
      found: { framework: "fastify", driver: "mysql", packageManager: "pnpm" },
      files: ["note.mjs", "tenancy.config.mjs"],
    },
    {
      manifest: { dependencies: { fastify: "5", typescript: "6" }, packageManager: "yarn@4" },
      more: { "rollup.config.js": "" },
      flags: ["--yes"],
      found: { framework: "fastify", driver: "sqlite", packageManager: null },
      files: ["note.mts", "tenancy.config.mts", "server.mts"],
    },
  ];
  for (const { manifest, more, flags, found, files } of cases) {
    const folder = makeProject(manifest, more);
    const before = contentOf(folder);

    const rehearsed = await jsonHere([...installing, ...flags, "--dry-run"], folder);
    expect(outputs.install.parse(rehearsed)).toMatchObject({ ...found, dryRun: true, files });
    expect(contentOf(folder)).toEqual(before);

    const done = await jsonHere([...installing, ...flags], folder);
    const { packages } = outputs.install.parse(done) as {
      packages: { name: string; kind: "dependencies" | "devDependencies" }[];
    };
    const { "package.json": text = "", ...rest } = contentOf(folder);
    const written = JSON.parse(text);
    expect(done).toMatchObject({ ...found, dryRun: false, files, installed: false });
    expect(Object.keys(rest).sort()).toEqual([...Object.keys(more), ...files].sort());
    expect(text).toMatch(/^ {4}"/m);
    expect(written).toMatchObject(manifest);
    for (const { name, kind } of packages) expect(written[kind][name], name).toBeDefined();
    const names = Object.keys(written.dependencies);
    expect(names).toEqual([...names].sort());
    expect(names).toContain(`@af-tenancy/${found.framework}`);
    expect(Object.keys(written.devDependencies)).toContain("@af-tenancy/cli");
  }
});

it("S056: nothing is begun where something is in the way, missing or unknown", async () => {
  const express = { type: "module", dependencies: { express: "^5.0.0" } };
  const refused: [folder: string, flags: readonly string[], says: RegExp][] = [
    [makeProject(undefined), [], /no package\.json/],
    [makeProject(undefined, { "package.json": "{" }), [], /package\.json" is no JSON/],
    [makeProject({}), [], /No framework/],
    [makeProject(express, { "note.ts": "mine" }), [], /file "note\.ts"/],
    [makeProject(express, { "tenancy.config.cjs": "mine" }), [], /file "tenancy\.config\.cjs"/],
    [makeProject(express), ["--framework", "hapi"], /none that there is/],
  ];
  const unmanaged = makeProject(express, { "yarn.lock": "" });

  for (const [folder, flags, says] of refused) {
    const before = contentOf(folder);
    const { code, stderr } = await runHere([...installing, ...flags], folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(contentOf(folder)).toEqual(before);
  }
  expect(await runHere(["install"], unmanaged)).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining("another package manager's") },
  });
});

it("S056: the versions that are added are those that this workspace is tested with", () => {
  const workspace = readFileSync(join(import.meta.dirname, "../../../pnpm-workspace.yaml"), "utf8");
  const pinned = (name: string) =>
    new RegExp(`^  "?${name}"?: (.*)$`, "m").exec(workspace)?.[1] ?? "none";

  for (const [name, range] of Object.entries(frameworkRanges)) expect(range).toBe(pinned(name));
  for (const part of ["core", "sql", "sqlite", "postgresql", "mysql", "mariadb"]) {
    expect(mikroOrmVersion).toBe(pinned(`@mikro-orm/${part}`));
  }
});

it(
  "S056: what is written for each framework answers a tenant, and what is written for each driver loads",
  async () => {
    const served = (["express", "koa", "fastify"] as const).map(async (framework) => {
      const folder = makeProject({ type: "module" }, {}, modulesFor("sqlite"));
      await runHere([...installing, "--framework", framework], folder);
      const created = await runHere(
        ["tenant", "create", "acme", "--domain", "acme.localhost", "-q"],
        folder,
      );
      expect(created).toMatchObject({ code: 0, stdout: "acme\n" });
      const address = await startServer(folder, "server.ts");
      expect(await answerOf(address, "acme.localhost")).toEqual([200, "[]"]);
      expect(await answerOf(address, "globex.localhost")).toEqual([
        ...[404, expect.stringContaining("TENANT_NOT_FOUND")],
      ]);
    });
    for (const driver of ["postgresql", "mysql"] as const) {
      const folder = makeProject({}, {}, modulesFor(driver));
      const flags = ["--framework", "koa", "--driver", driver, "--language", "js"];
      expect(await jsonHere([...installing, ...flags], folder)).toMatchObject({
        next: ["npm install", "npx af-tenancy config check", ...Array(3).fill(expect.any(String))],
      });
      expect(await jsonHere(["config", "show"], folder)).toMatchObject({
        options: expect.arrayContaining([
          expect.objectContaining({
            option: "databases",
            value: expect.objectContaining({ driver }),
          }),
        ]),
      });
    }
    await Promise.all(served);
  },
  patient,
);

it(
  "S056 F141: packages that cannot be had leave the project as it was, and no shell sees its name",
  async () => {
    const folder = makeProject(
      { type: "module", dependencies: { express: "^5.0.0" } },
      { ".npmrc": "registry=http://127.0.0.1:9/\nfetch-retries=0\n" },
    );
    const before = contentOf(folder);

    const failed = await jsonHere(["install", "--yes"], folder);

    expect(failed).toMatchObject({
      code: 1,
      error: {
        error: { code: "INSTALL_FAILED", causes: [expect.stringContaining("ECONNREFUSED")] },
      },
    });
    expect(contentOf(folder)).toEqual(before);
    expect(existsSync(join(folder, "node_modules"))).toBe(false);
    expect(existsSync(join(dirname(folder), "pwned"))).toBe(false);
  },
  patient,
);

it.each(["SIGINT", "SIGTERM"] as const)(
  "S056 F140: %s while packages are installed takes everything back",
  async (name) => {
    let asked = () => undefined as void;
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const silent = createServer(() => asked());
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => {
      silent.close();
      silent.closeAllConnections();
    });
    const { port } = silent.address() as AddressInfo;
    const folder = makeProject(
      { type: "module", dependencies: { express: "^5.0.0" } },
      { ".npmrc": `registry=http://127.0.0.1:${port}/\n` },
    );
    const before = contentOf(folder);

    const { child, ended } = await startProcess(["install", "--yes", "--json"], { folder });
    await asking;
    const meanwhile = Object.keys(contentOf(folder));
    child.kill(name);
    const { code, stdout, stderr } = await ended;

    expect(meanwhile).toContain("tenancy.config.ts");
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("INTERRUPTED");
    expect(contentOf(folder)).toEqual(before);
  },
  patient,
);

it(
  "S056 S066: on a terminal it asks for what nothing tells, says what it will do, and does nothing unless agreed to",
  async () => {
    const folder = makeProject({ type: "module" }, { "index.js": "" });
    const before = contentOf(folder);
    const answers = [
      [/Which framework/, `\u001b[B${enter}`],
      [/tenants' data go/, enter],
    ] as const;

    const declined = await runInTerminal([...installing, "--language", "ts"], { folder }, [
      ...answers,
      [/Go on/, "n"],
    ]);
    const untouched = contentOf(folder);
    const agreed = await runInTerminal([...installing, "--language", "ts"], { folder }, [
      ...answers,
      [/Go on/, "y"],
    ]);

    expect(declined.code).toBe(2);
    expect(declined.screen).toContain("@af-tenancy/koa@^");
    expect(untouched).toEqual(before);
    expect(agreed.code).toBe(0);
    expect(agreed.screen).toContain("app.use(tenancyMiddleware(tenancy");
    expect(Object.keys(contentOf(folder)).sort()).toEqual([
      ...["index.js", "note.ts", "package.json", "tenancy.config.ts"],
    ]);
  },
  patient,
);
