import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { outputs } from "../src/outputs/outputs.ts";
import { config, makeApplication } from "./support/application.ts";
import { jsonHere, runHere } from "./support/run-here.ts";
import { startProcess } from "./support/run-process.ts";

it("F140: what a command died with is finished by repair once its lease is over, and what fails again stays and exits with 1", async () => {
  const folder = await makeApplication({ "tenancy.config.ts": config(options, before) });
  const at = (name: string) => join(folder, name);
  const tell = (...argv: readonly string[]) => jsonHere(["repair", ...argv], folder);
  writeFileSync(at("hangs"), "");
  const dying = await startProcess(["tenant", "create", "acme"], { folder });
  await vi.waitFor(() => expect(existsSync(at("reached"))).toBe(true), 60_000);

  const busy = await tell("--dry-run");
  dying.child.kill("SIGKILL");
  await dying.ended;
  rmSync(at("hangs"));
  writeFileSync(at("fails"), "");
  await sleep(1_100);
  const rehearsed = await tell("--dry-run");
  const failed = await runHere(["repair", "--json"], folder);
  rmSync(at("fails"));
  const finished = await runHere(["repair"], folder);
  const nothing = await runHere(["repair"], folder);

  expect(outputs.repair.parse(busy)).toMatchObject({ finished: [], failed: [] });
  expect(outputs.repair.parse(rehearsed)).toMatchObject({
    ...{ dryRun: true, failed: [], swept: [] },
    finished: [{ tenant: "acme", kind: "create", state: "running" }],
  });
  expect(failed.code).toBe(1);
  expect(outputs.repair.parse(JSON.parse(failed.stdout))).toMatchObject({
    ...{ dryRun: false, finished: [] },
    failed: [{ tenant: "acme", state: "failed", error: expect.stringContaining("mail") }],
  });
  expect(finished).toMatchObject({ code: 0, stderr: "" });
  expect(finished.stdout).toContain("create acme  done");
  expect(finished.stdout).toContain("Taken up: 1, still unfinished: 0");
  expect(nothing.stdout).toContain("There is nothing to repair.");
  expect(await jsonHere(["tenant", "show", "acme"], folder)).toMatchObject({
    tenant: { status: "active" },
  });
}, 180_000);

const options = "leaseMs: 1_000, retryMs: 0, creation: { tenant: [mail] }";

/** A step of the application's own that hangs or fails while a file says so. */
const before = `
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
const at = (name) => import.meta.dirname + "/" + name;
const mail = {
  name: "mail",
  async run() {
    if (existsSync(at("fails"))) throw new Error("no mail server");
    writeFileSync(at("reached"), "");
    while (existsSync(at("hangs"))) await setTimeout(20);
  },
};
`;
