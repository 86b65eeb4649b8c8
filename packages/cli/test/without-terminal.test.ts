import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { config, makeApplication } from "./support/application.ts";
import { runHere } from "./support/run-here.ts";
import { runProcess, startProcess } from "./support/run-process.ts";

/** Milliseconds for a dozen commands where the machine is busy. */
const patient = 180_000;

it("S066 S067: help has examples, and loads neither MikroORM nor the core", async () => {
  const folder = await makeApplication({ "loaded.mjs": recorder });
  const recording = ["--import", pathToFileURL(join(folder, "loaded.mjs")).href];

  const { code, stdout, stderr } = await runProcess(["tenant", "create", "--help"], {
    folder,
    execArgv: recording,
  });

  const loaded = stderr.split("\n").filter((line) => line.startsWith("file:"));
  expect(code).toBe(0);
  expect(stdout).toContain("af-tenancy tenant create acme --domain acme.example.com");
  expect(stdout).toContain("--dry-run");
  expect(loaded.length).toBeGreaterThan(1);
  expect(loaded.length).toBeLessThan(8);
  expect(loaded.filter((url) => /mikro|zod|clack|tenancy\/core/.test(url))).toEqual([]);
});

it("F141: names that a shell or a parser would take for something else are names, and secrets stay secret", async () => {
  const folder = await makeApplication();
  const environment = { APP_PASSWORD: "correct-horse", APP_NOTE: "two\nlines; $(id)" };
  const name = "$(touch pwned) `id` -h; correct-horse";

  const created = await runProcess(["tenant", "create", "--json", "--name", name, "--", "acme"], {
    ...{ folder, environment },
  });
  const asFlag = await runProcess(["tenant", "show", "--", "-h"], { folder });

  const [tenant] = JSON.parse(created.stdout).tenants;
  expect(created.code).toBe(0);
  expect(tenant.name).toBe("$(touch pwned) `id` -h; ***");
  expect(existsSync(join(folder, "pwned"))).toBe(false);
  expect(asFlag).toMatchObject({ code: 2, stdout: "" });
  expect(asFlag.stderr).toContain('There is no tenant "-h"');
});

it(
  "F139: who is to be removed has to be named, agreed to, and still be as the plan saw him",
  async () => {
    const folder = await makeApplication({ "tenancy.config.ts": config() });
    const tell = (argv: string) => runProcess(argv.split(" "), { folder });
    const here = (argv: string) => runHere(argv.split(" "), folder);
    await here("tenant create acme");

    const refused = [];
    for (const [selectors, run] of [
      ...(["ac*"] as const).map((one) => [one, tell] as const),
      ...(["acm", "all", "id:", "acme acme", "acm?", "*.acme.test"] as const).map(
        (one) => [one, here] as const,
      ),
    ] as const) {
      const { code, stdout, stderr } = await run(`tenant purge ${selectors} --skip-grace --yes`);
      refused.push({ selectors, code, stdout, said: /^Error USAGE/m.test(stderr) });
    }
    const nobody = await here("tenant purge --skip-grace --yes");
    const unasked = await here("tenant purge acme --skip-grace --yes");
    const undeleted = await here("tenant delete acme");
    const twice = await here("tenant delete acme --yes --yes");
    const rehearsed = await here("tenant purge acme --skip-grace --dry-run --quiet");
    const plan = rehearsed.stdout.trim();
    await here("tenant update acme --plan gold");
    const outdated = await here(`tenant purge acme --skip-grace --yes --plan ${plan}`);
    const { stdout: current } = await here("tenant purge acme --skip-grace --dry-run --quiet");
    const purged = await tell(`tenant purge acme --skip-grace --yes -q --plan ${current.trim()}`);

    const wrong = refused.filter(({ code, stdout, said }) => code !== 2 || stdout !== "" || !said);
    expect(wrong).toEqual([]);
    expect([nobody.code, undeleted.code]).toEqual([2, 2]);
    expect(twice.code).toBe(2);
    expect(twice.stderr).toContain("--yes is given twice");
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain("--dry-run");
    expect(unasked.stderr).not.toContain(plan);
    expect(outdated.code).toBe(2);
    expect(outdated.stderr).toContain("PLAN_CHANGED");
    expect(purged).toMatchObject({ code: 0, stdout: "acme\n" });
  },
  patient,
);

describe("F140 F148:", () => {
  /** A creation that waits in one of its steps until a file is there. */
  const waiting = config(
    "leaseMs: 1_000, creation: { tenant: [{ name: 'wait', run: wait }] }",
    `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
async function wait({ signal }) {
  writeFileSync(data + "/waiting", "");
  while (!existsSync(data + "/go")) await sleep(20, undefined, { signal });
}`,
  );
  const creating = ["tenant", "create", "acme", "--key", "once"];

  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
    "what %s cuts off is finished by the same call, and nobody else gets at it before",
    async (name) => {
      const folder = await makeApplication({ "tenancy.config.ts": waiting });
      const { child, ended } = await startProcess(creating, { folder });
      while (!existsSync(join(folder, "data/waiting"))) await sleep(20);

      const meanwhile = await runHere(["tenant", "rename", "acme", "other"], folder);
      child.kill(name);
      const { code, stdout } = await ended;
      writeFileSync(join(folder, "data/go"), "");
      const again = await runHere([...creating, "--quiet"], folder);
      const repeated = await runHere([...creating, "--json"], folder);

      expect(meanwhile.code).toBe(4);
      expect(meanwhile.stderr).toContain("OPERATION_IN_FLIGHT");
      expect(code).toBe(name === "SIGKILL" ? null : 130);
      expect(stdout).toBe("");
      expect(again).toMatchObject({ code: 0, stdout: "acme\n" });
      expect(JSON.parse(repeated.stdout)).toMatchObject({
        changes: [],
        tenants: [{ slug: "acme" }],
      });
    },
  );

  it("a reader that goes away stops the command, which the same call finishes", async () => {
    const folder = await makeApplication({ "tenancy.config.ts": waiting });
    const { child, ended } = await startProcess(["tenant", "list", "--json"], { folder });

    child.stdout?.destroy();

    expect([0, 130]).toContain((await ended).code);
  });
});

it("S066: errors tell cause and remedy, in the language of whoever reads, and as JSON for a script", async () => {
  const folder = await makeApplication({
    "tenancy.config.ts": `throw new Error("no way to postgres://app:hunter2@db/x");`,
  });

  const german = await runHere(["tenant", "list", "--lang", "de"], folder);
  const script = await runHere(["tenant", "list", "--json"], folder);

  expect(german.code).toBe(2);
  expect(german.stderr).toContain("Fehler CONFIG_NOT_LOADED: Die Konfiguration");
  expect(german.stderr).toContain("weil: no way to postgres://***@db/x");
  expect(german.stderr).not.toContain("\u001b");
  expect(script.stdout).toBe("");
  expect(JSON.parse(script.stderr)).toMatchObject({
    error: { code: "CONFIG_NOT_LOADED", causes: ["no way to postgres://***@db/x"], remedy: null },
  });
});

it("S066: completes commands, flags and choices in bash, zsh, fish and PowerShell", async () => {
  const folder = await makeApplication();
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text) => void printed.push(text));
  onTestFinished(() => log.mockRestore());

  const bash = await runProcess(["completion", "bash"], { folder });
  for (const shell of ["zsh", "fish", "powershell"]) await runHere(["completion", shell], folder);
  const none = await runHere(["completion", "cmd"], folder);
  const words = await runProcess(["complete", "--", "tenant", "re"], { folder });
  const choices = await runHere(
    ["complete", "--", "tenant", "update", "--access", "read-"],
    folder,
  );

  expect(bash.stdout).toContain("complete -F");
  expect(printed.filter((text) => /af-tenancy.*complete/s.test(text))).toHaveLength(3);
  expect(none.code).toBe(2);
  expect(words.stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(
    expect.arrayContaining(["rename", "restore", ":4"]),
  );
  expect(choices.stdout).toContain("read-only");
});

/** Tells on stderr, at the end, what was loaded. */
const recorder = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
process.on("exit", () => process.stderr.write(loaded.filter((url) => url.startsWith("file:")).join("\\n") + "\\n"));
`;
