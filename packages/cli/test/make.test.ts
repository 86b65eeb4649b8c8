import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import ts from "typescript";
import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { answerOf, startServer } from "./support/first-answer.ts";
import { contentOf, makeProject, modulesFor } from "./support/project.ts";
import { jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

const patient = 120_000;
const made = ["middleware quota", "bootstrapper mailer", "resolver partner", "seeder welcome"];

const applications = [
  {
    framework: "express",
    language: "ts",
    entered: 'app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));',
    mounted: "app.use(quotaMiddleware(tenancy));",
  },
  {
    framework: "koa",
    language: "js",
    entered: 'app.use(tenancyMiddleware(tenancy, { mode: "tenant" }));',
    mounted: "app.use(quotaMiddleware(tenancy));",
  },
  {
    framework: "fastify",
    language: "ts",
    entered: 'await app.register(tenancyPlugin(tenancy, { mode: "tenant" }));',
    mounted: 'app.addHook("onRequest", quotaMiddleware(tenancy));',
  },
] as const;

it(
  "S068: what is made for each framework compiles as it is written, and serves two tenants of a real application",
  async () => {
    const folders = await Promise.all(
      applications.map(async ({ framework, language, entered, mounted }) => {
        const folder = makeProject({ type: "module" }, {}, modulesFor("sqlite"));
        const run = async (line: string) => {
          const { code, stderr } = await runHere(line.split(" "), folder);
          expect([line, code, stderr]).toEqual([line, 0, expect.any(String)]);
        };
        await run(`install --no-install --framework ${framework} --language ${language}`);
        for (const what of made) await run(`make ${what}`);
        edit(join(folder, `server.${language}`), [
          [
            "const tenancy",
            `import { quotaMiddleware } from "./quota-middleware.${language}";\nimport { MAILER } from "./mailer-bootstrapper.${language}";\nconst tenancy`,
          ],
          [entered, `${entered}\n${mounted}`],
          ["await db.em().findAll(Note)", "[await db.em().findAll(Note), tenancy.get(MAILER)]"],
          [
            "() => db.em().findAll(Note)",
            "async () => [await db.em().findAll(Note), tenancy.get(MAILER)]",
          ],
          ['context.path === "/notes"', 'context.path.endsWith("/notes")'],
          ['app.get("/notes"', framework === "fastify" ? 'app.get("*"' : "app.get(/notes$/"],
        ]);
        edit(join(folder, `tenancy.config.${language}`), [
          [
            "import { Note }",
            `import { mailerBootstrapper } from "./mailer-bootstrapper.${language}";\nimport { partnerResolver } from "./partner-resolver.${language}";\nimport { welcomeSeeder } from "./welcome-seeder.${language}";\nimport { Note }`,
          ],
          ["entities: [Note]", "entities: [Note], seeders: { welcome: welcomeSeeder(Note) }"],
          ["import { domainResolver }", "import { domainResolver, firstOf }"],
          [
            "resolve: domainResolver()",
            "bootstrappers: [mailerBootstrapper()],\n  resolve: firstOf(partnerResolver(), domainResolver())",
          ],
        ]);
        await run(
          "tenant test create 2 --slugs shop-{n} --domains {slug}.localhost --seed welcome",
        );
        return folder;
      }),
    );

    for (const [index, { language }] of applications.entries()) {
      const folder = folders[index] ?? "";
      const port = await startServer(folder, `server.${language}`);
      await answerOf(port, "shop-1.localhost");
      const first = await answer(port, "shop-1.localhost", "/notes");
      const second = await answer(port, "shop-2.localhost", "/notes");
      const partner = await answer(port, "shop-1.localhost", "/partner/shop-2/notes");
      const nobody = await answer(port, "shop-3.localhost", "/notes");

      expect(first).toEqual(answerFor("shop-1"));
      expect(second).toEqual(answerFor("shop-2"));
      expect(partner).toEqual(answerFor("shop-2"));
      expect(nobody).toMatchObject({ status: 404, quota: undefined });
    }
    expect(compile(folders)).toBe("");
  },
  patient,
);

it("S068: a module is written once, where it is to be, and told before", async () => {
  const folder = makeProject({ dependencies: { fastify: "5", typescript: "6" } }, { taken: "" });
  const before = contentOf(folder);
  const make = (line: string) => jsonHere(["make", ...line.split(" ")], folder);

  for (const what of made) {
    const rehearsed = outputs.file.parse(await make(`${what} --folder src/tenancy --dry-run`));
    expect(contentOf(folder)).toEqual(before);
    expect(rehearsed).toMatchObject({
      dryRun: true,
      path: expect.stringMatching(/src\/tenancy\/[\w-]+\.mts$/),
    });
  }
  const { code, stdout } = await runProcess(
    ["make", "middleware", "quota", "--folder", "src", "--json"],
    { folder },
  );
  const written = outputs.file.parse(JSON.parse(stdout)) as {
    readonly path: string;
    readonly text: string;
  };
  expect([code, readFileSync(written.path, "utf8")]).toEqual([0, written.text]);
  expect(written.text).toContain("onRequestAsyncHookHandler");

  writeFileSync(written.path, "mine");
  for (const refused of [
    "middleware quota --folder src",
    "middleware Quota",
    "resolver ../x",
    "bootstrapper a--b",
    "middleware x --framework hapi",
  ]) {
    expect(await make(refused), refused).toMatchObject({ code: 2 });
  }
  expect(readFileSync(written.path, "utf8")).toBe("mine");
  expect(readdirSync(join(folder, "src"))).toEqual(["quota-middleware.mts"]);
  const migration = await jsonHere("migrate create add_notes --folder taken".split(" "), folder);
  expect(migration).toMatchObject({ code: 1, error: { error: { code: "FILE_NOT_WRITTEN" } } });
  expect(await make("resolver partner --folder taken/x")).toMatchObject({
    code: 1,
    error: {
      error: {
        code: "FILE_NOT_WRITTEN",
        causes: [expect.stringContaining("ENOTDIR")],
        remedy: null,
      },
    },
  });
});

it("S066 S068: on a terminal it asks for the framework that nothing tells", async () => {
  const folder = makeProject({ type: "module" });

  const asked = await runInTerminal(["make", "middleware", "quota"], { folder }, [
    [/Which framework/, "\u001b[B\r"],
  ]);

  expect(asked.code).toBe(0);
  expect(asked.screen).toContain("quota-middleware.ts is written");
  expect(readFileSync(join(folder, "quota-middleware.ts"), "utf8")).toContain('from "koa"');
  expect(await runHere(["make", "middleware", "other"], folder)).toMatchObject({ code: 2 });
});

function answerFor(slug: string) {
  const notes = [{ id: 1, text: `Welcome, ${slug}!` }];
  return { status: 200, quota: slug, body: JSON.stringify([notes, { tenant: slug }]) };
}

async function answer(port: number, host: string, path: string) {
  const call = request({ port, path, headers: { host } }).end();
  const [response] = (await once(call, "response")) as [IncomingMessage];
  const body = await text(response);
  return { status: response.statusCode, quota: response.headers["x-quota"], body };
}

/** Puts into a file what its owner would; what is not there stays out. */
function edit(path: string, changes: readonly (readonly [string, string])[]): void {
  let content = readFileSync(path, "utf8");
  for (const [from, to] of changes) content = content.replace(from, () => to);
  writeFileSync(path, content);
}

/** Gives what the compiler has against the files that were made, those of JavaScript as well. */
/** What the compiler says of the modules themselves; the packages that they import are sources here, and checked as such. */
function compile(folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /-\w+\.[jt]s$/.test(name))
      .map((name) => join(folder, name)),
  );
  const program = ts.createProgram(files, {
    ...{ noEmit: true, strict: true, allowJs: true, checkJs: true, skipLibCheck: true },
    ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024 },
    ...{ allowImportingTsExtensions: true, noUncheckedIndexedAccess: true, noUnusedLocals: true },
    ...{ noUnusedParameters: true, verbatimModuleSyntax: true, exactOptionalPropertyTypes: true },
    ...{ erasableSyntaxOnly: true, types: ["node"] },
    typeRoots: [join(root, "node_modules/@types")],
  });
  const found = files
    .map((file) => program.getSourceFile(file))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
  return ts.formatDiagnostics(
    [...program.getOptionsDiagnostics(), ...found],
    ts.createCompilerHost({}),
  );
}

const root = join(import.meta.dirname, "../../..");
