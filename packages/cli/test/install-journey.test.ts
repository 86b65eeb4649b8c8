import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerOf, startServer } from "./support/first-answer.ts";
import { builtCommand } from "./support/installed.ts";
import { packageRegistry } from "./support/package-registry.ts";
import { packed, tarballsIn } from "./support/packed.ts";
import { contentOf, makeProject } from "./support/project.ts";
import { toolEnvironment } from "./support/tools.ts";

/** Everything from here on is what a script does; how fast the registry of packages is, nobody knows. */
const patient = 300_000;

const all = (["express", "koa", "fastify"] as const).flatMap((framework) =>
  (["npm", "pnpm"] as const).map((manager) => ({ framework, manager })),
);
const some = [{ framework: "fastify", manager: "pnpm" }] as const;
const journeys = Number(process.env.AF_TEST_SCALE ?? 0.1) >= 1 ? all : some;

let registry: Awaited<ReturnType<typeof packageRegistry>>;
beforeAll(async () => {
  registry = await packageRegistry(tarballsIn(await packed()));
}, patient);
afterAll(() => registry?.close());

it.each(journeys)(
  "S056: from an empty $framework project to the first tenant that answers, with $manager and packages as they are published",
  async ({ framework, manager }) => {
    const folder = makeProject(
      { name: "shop", version: "1.0.0", dependencies: { [framework]: versions[framework] } },
      { ".npmrc": `@af-tenancy:registry=${registry.url}/\n` },
    );
    const environment = { cwd: folder, env: toolEnvironment() };
    const run = async (line: string) => {
      const [program = "", ...args] = line.split(" ");
      return (await promisify(execFile)(program, args, environment)).stdout;
    };
    const command = manager === "npm" ? "npx" : "pnpm exec";

    await run(manager === "npm" ? "npm install -D @af-tenancy/cli" : "pnpm add -D @af-tenancy/cli");
    const installed = JSON.parse(await run(`${command} af-tenancy install --yes --json`));
    const created = await run(
      `${command} af-tenancy tenant create acme --domain acme.localhost --quiet`,
    );
    const port = await startServer(folder, "server.mts");

    expect(installed).toMatchObject({ framework, packageManager: manager, installed: true });
    expect(created).toBe("acme\n");
    expect(await answerOf(port, "acme.localhost")).toEqual([200, "[]"]);
    expect((await answerOf(port, "globex.localhost"))[0]).toBe(404);
  },
  patient,
);

it.each([...new Set(journeys.map(({ manager }) => manager))])(
  "S056: a configuration that does not load with what is there takes back files and packages, with %s",
  async (manager) => {
    const folder = makeProject(
      { name: "shop", version: "1.0.0", dependencies: { "@af-tenancy/resolvers": "file:./own" } },
      {
        ".npmrc": `@af-tenancy:registry=${registry.url}/\n`,
        "own/package.json": `{"name":"@af-tenancy/resolvers","version":"0.0.0","main":"own.js"}`,
        "own/own.js": "module.exports = {};",
      },
    );
    const options = { cwd: folder, env: toolEnvironment() };
    const run = (program: string, ...args: string[]) => promisify(execFile)(program, args, options);
    const fails = async (command: string) => {
      const before = files();
      const failed = await run(
        ...([process.execPath, command, "install", "--framework", "express"] as const),
        ...["--package-manager", manager, "--json"],
      ).catch((error: { readonly code: number; readonly stderr: string }) => error);
      expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("INSTALL_FAILED") });
      expect(failed.stderr).toContain("domainResolver");
      expect(files()).toEqual(before);
    };

    await fails(await builtCommand());
    expect(existsSync(join(folder, "node_modules"))).toBe(false);

    await run(
      manager,
      ...(manager === "npm" ? ["install", "-D"] : ["add", "-D"]),
      "@af-tenancy/cli",
    );
    await fails("node_modules/@af-tenancy/cli/dist/bin.js");
    expect(existsSync(join(folder, "node_modules/@af-tenancy/express"))).toBe(false);
    expect(existsSync(join(folder, "node_modules/@af-tenancy/cli/dist/bin.js"))).toBe(true);

    function files() {
      return Object.entries(contentOf(folder)).filter(([name]) => !name.startsWith("node_modules"));
    }
  },
  patient,
);

const versions = Object.freeze({ express: "^5.0.0", koa: "^3.0.0", fastify: "^5.0.0" });
