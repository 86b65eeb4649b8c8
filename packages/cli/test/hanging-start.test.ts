import { expect, it } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { applicationHere, jsonHere, runHere } from "./support/run-here.ts";
import { runInTerminal, runProcess } from "./support/run-process.ts";

/** A part that never comes up, and never goes down either. */
const stuck = config(
  "",
  "const never = () => new Promise(() => setInterval(() => {}, 1000));",
).replace(
  "provisioning: provisioning({  }),",
  'provisioning: provisioning(), bootstrappers: [{ name: "stuck", bootstrap() {}, attach() {}, start: never, close: never }],',
);

const unloaded = "setInterval(() => {}, 1000);\nawait new Promise(() => {});\nexport default {};\n";

const cases = [
  { hangs: "start", text: stuck, says: 'Starting "stuck" did not come to an end' },
  { hangs: "load", text: unloaded, says: "Loading the configuration" },
] as const;

it.each(cases)(
  "S065: health and config check give up on an application that hangs at its $hangs, and say so",
  async ({ hangs, text, says }) => {
    const folder = await applicationHere({ "tenancy.config.ts": text });
    // What is loaded the first time takes its time where the machine is busy.
    if (hangs === "start") await jsonHere(["config", "show"], folder);

    const health = outputs.health.parse(await jsonHere(["health", "--timeout", "1s"], folder));
    const check = outputs["config-check"].parse(
      await jsonHere(["config", "check", "--timeout", "1s"], folder),
    ) as Check;

    expect(health).toMatchObject({
      status: "unhealthy",
      checks: [
        {
          check: "application",
          subject: "START_TIMEOUT",
          message: expect.stringContaining(says),
        },
      ],
    });
    expect(check.ok).toBe(false);
    expect(check.steps.find(({ state }) => state === "failed")).toMatchObject({
      step: hangs,
      error: { code: "START_TIMEOUT", message: expect.stringContaining(says) },
    });
    expect(check.steps.at(-1)).toMatchObject({ step: "registry", state: "skipped" });
  },
);

it("S065: a month to wait is no moment", async () => {
  const folder = await applicationHere();

  const health = await runHere(["health", "--timeout", "30d"], folder);
  const check = await runHere(["config", "check", "--timeout", "30d"], folder);

  expect([health.code, check.code], health.stdout + check.stdout).toEqual([0, 0]);
});

it("S065: the process ends, with a terminal and without one", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": stuck });

  const [ended, shown] = await Promise.all([
    runProcess(["config", "check", "--timeout", "6s"], { folder }),
    runInTerminal(["health", "--timeout", "6s"], { folder }),
  ]);

  expect([ended.code, shown.code]).toEqual([1, 1]);
  expect(ended.stdout).toContain('START_TIMEOUT: Starting "stuck"');
  expect(shown.screen).toContain("within 6 s");
});

interface Check {
  readonly ok: boolean;
  readonly steps: readonly { readonly step: string; readonly state: string }[];
}
