import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

it("C121 C124: a command runs once for each tenant, of those that are named and not to be skipped", async () => {
  const folder = await fleet("acme", "globex", "initech");
  await runHere(["tenant", "pending", "fill", "1"], folder);
  const turns = async (...flags: readonly string[]) => {
    const { stdout } = await runHere(["tenant", "run", "script.mjs", "-q", ...flags], folder);
    return stdout.trim().split("\n");
  };

  const both = ["--tenants", "acme,globex", "--skip-tenants", "globex"];
  const combined = await runProcess(
    ["tenant", "run", "script.mjs", ...both, "--json", "--", "-x", "a b"],
    { folder },
  );

  expect(combined.code).toBe(0);
  expect(combined.stderr).toContain("printed by acme");
  expect(JSON.parse(combined.stdout).tenants).toMatchObject([
    { tenant: "acme", state: "done", result: { current: "acme", args: ["-x", "a b"] } },
  ]);
  expect((await turns("--processes", "9999999999")).sort()).toEqual(["acme", "globex", "initech"]);
  expect(await turns("--tenants", "globex", "--tenants", "acme")).toEqual(["globex", "acme"]);
  expect((await turns("--skip-tenants", "acme")).sort()).toEqual(["globex", "initech"]);
  expect(await turns("--with-pending", "--processes", "3", "--dry-run")).toHaveLength(4);
});

it("C118 C124: the first failure stops the run unless failures are to be skipped; a typo stops it before", async () => {
  const folder = await fleet("acme", "globex", "initech");
  const named = ["--tenants", "acme,globex,initech", "--json"];
  const states = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout).tenants.map(({ state }: { state: string }) => state);

  const stopped = await runHere(["tenant", "run", "script.mjs", ...named, "--", "globex"], folder);
  const skipped = await runProcess(
    ["tenant", "run", "script.mjs", ...named, "--skip-failing", "--", "globex"],
    { folder },
  );
  const failed = await runHere(["tenant", "run", "script.mjs", ...named, "--", "acme"], folder);
  const mistyped = await runHere(
    ["tenant", "run", "script.mjs", "--skip-tenants", "globx"],
    folder,
  );
  const nobody = await runHere(["tenant", "run", "script.mjs", "--tenants", ""], folder);
  const absent = await runHere(["tenant", "run", "absent.mjs"], folder);

  expect(stopped.code).toBe(3);
  expect(states(stopped)).toEqual(["done", "failed", "waiting"]);
  expect(failed.code).toBe(1);
  expect(states(failed)).toEqual(["failed", "waiting", "waiting"]);
  expect(skipped.code).toBe(3);
  expect(states(skipped)).toEqual(["done", "failed", "done"]);
  expect(JSON.parse(skipped.stdout).tenants[1].error).toEqual({
    code: "Error",
    message: "no globex",
    causes: [],
  });
  expect([mistyped, nobody]).toMatchObject([
    { code: 2, stdout: "" },
    { code: 2, stdout: "" },
  ]);
  expect(absent.code).toBe(2);
  expect(absent.stderr).toContain("SCRIPT_NOT_LOADED");
});

it("C124: a call that names tenants and leaves nobody is refused, and not taken for done", async () => {
  const folder = await fleet("acme");
  await runHere(["tenant", "create", "bare", "--without-database"], folder);
  const run = (argv: string) => runHere(argv.split(" "), folder);

  const skipped = await run("tenant run script.mjs --tenants acme --skip-tenants acme");
  const bare = await run("migrate up --tenants bare");
  const everybody = await run("tenant run script.mjs --skip-tenants acme,bare");

  for (const { code, stderr } of [skipped, bare]) {
    expect([code, stderr]).toEqual([2, expect.stringContaining("nobody is left")]);
  }
  expect(everybody).toMatchObject({ code: 0, stdout: "Nobody is meant.\n" });
});

it("F140: Ctrl-C is heard between two tenants, although their turns never wait", async () => {
  const folder = await fleet("acme", "globex", "initech", "umbrella", "hooli");
  const stop = `import { appendFileSync } from "node:fs";
export default ({ tenant }) => {
  appendFileSync("turns", tenant.slug + "\\n");
  process.kill(process.pid, "SIGINT");
};
`;
  writeFileSync(join(folder, "stop.mjs"), stop);

  const { code } = await runProcess(["tenant", "run", "stop.mjs"], { folder });

  expect(code).toBe(130);
  expect(readFileSync(join(folder, "turns"), "utf8").trim().split("\n").length).toBeLessThan(5);
});

it("S066: what a script throws where nobody waits for it is told like any other error", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config(), "stray.mjs": stray });
  await runHere(["tenant", "create", "acme"], folder);

  const { code, stdout, stderr } = await runProcess(["tenant", "run", "stray.mjs", "--json"], {
    folder,
  });

  expect([code, stdout]).toEqual([1, ""]);
  expect(JSON.parse(stderr.split("\n").at(-2) ?? "")).toMatchObject({
    error: { message: "lost redis://***@h", causes: [], remedy: null },
  });
});

it.each([
  ["process.exit(0)", "export default () => process.exit(0);"],
  ["a promise that nothing settles", "export default () => new Promise(() => undefined);"],
])("C122: a script that ends the process by %s is no success", async (_how, text) => {
  const folder = await makeApplication({ "tenancy.config.ts": config(), "ender.mjs": text });
  await runHere(["tenant", "create", "acme"], folder);

  const run = ["tenant", "run", "ender.mjs", "--json"];
  const { code, stdout, stderr } = await runProcess(run, { folder });

  expect([code, stdout]).toEqual([1, ""]);
  expect(JSON.parse(stderr.split("\n").at(-2) ?? "")).toMatchObject({
    error: { code: "PROCESS_ENDED" },
  });
});

it("C118: what is thrown and cannot be made a text of is a failure like any other", async () => {
  const folder = await fleet("acme", "globex");
  const text =
    "export default ({ tenant }) => { if (tenant.slug === 'acme') throw Object.create(null); };";
  writeFileSync(join(folder, "thrower.mjs"), text);

  const run = ["tenant", "run", "thrower.mjs", "--skip-failing", "--json"];
  const { code, stdout } = await runHere(run, folder);

  expect(code).toBe(3);
  expect(JSON.parse(stdout).tenants).toMatchObject([
    { tenant: "acme", state: "failed", error: { code: "UNKNOWN", message: "[object Object]" } },
    { tenant: "globex", state: "done" },
  ]);
});

it("C122: arguments, options and questions reach the script, and all ends outside every tenant", async () => {
  const folder = await fleet("acme", "globex");

  const { code, screen } = await runInTerminal(
    ["tenant", "run", "asking.mjs", "--tenants", "acme,globex", "--", "--month", "5"],
    { folder },
    [
      [/Name for acme/, "Anna\r"],
      [/Name for globex/, "Gus\r"],
    ],
  );

  expect(screen).toContain("acme: Anna --month|5");
  expect(screen).toContain("globex: Gus --month|5");
  expect(screen).toContain("ended in null");
  expect(screen).toContain("Done: 2");
  expect(code).toBe(0);
});

async function fleet(...slugs: readonly string[]): Promise<string> {
  const folder = await makeApplication({
    "tenancy.config.ts": config(),
    "script.mjs": script,
    "asking.mjs": asking,
  });
  for (const slug of slugs) await runHere(["tenant", "create", slug], folder);
  return folder;
}

const script = `
export default async ({ tenant, tenancy, args }) => {
  if (args.includes("-x")) console.log("printed by " + tenant.slug);
  if (args.includes(tenant.slug)) throw new Error("no " + tenant.slug);
  return { current: tenancy.current().slug, args };
};
`;

const stray = `
export default () => {
  Promise.reject(new Error("lost redis://u:p@h"));
  return new Promise((resolve) => setTimeout(resolve, 60_000));
};
`;

const asking = `
import { createInterface } from "node:readline/promises";
export default async ({ tenant, tenancy, args }) => {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const name = await lines.question("Name for " + tenant.slug + "? ");
  lines.close();
  console.log(tenant.slug + ": " + name + " " + args.join("|"));
  if (tenant.slug === "globex") process.once("exit", () => console.log("ended in " + tenancy.current()));
};
`;
