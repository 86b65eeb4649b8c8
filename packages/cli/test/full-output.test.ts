import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { makeApplication } from "./support/application.ts";
import { builtCommand } from "./support/installed.ts";
import { runProcess } from "./support/run-process.ts";

/** Milliseconds where the machine is busy. */
const patient = 240_000;

it.runIf(existsSync("/dev/full"))(
  "F139: a full disk under stdout fails the command, and one under stderr is no reason to go on for ever",
  async () => {
    const folder = await makeApplication();
    await runProcess(["tenant", "create", "acme"], { folder });

    const shown = await inShell("tenant show acme --json > /dev/full", folder);
    const described = await inShell("config show > /dev/full", folder);
    const refused = await inShell("tenant show globex 2> /dev/full", folder);

    for (const { code, stderr } of [shown, described]) {
      expect(stderr).toContain("FILE_NOT_WRITTEN");
      expect(stderr).toContain("ENOSPC");
      expect(code).toBe(1);
    }
    expect(refused.code).toBe(2);
  },
  patient,
);

/** Runs the built command by a shell, which is killed where it does not end. */
async function inShell(line: string, cwd: string) {
  const words = `exec "${process.execPath}" "${await builtCommand()}" ${line}`;
  const child = spawn("sh", ["-c", words], { cwd, timeout: 60_000, killSignal: "SIGKILL" });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code: code as number | null, stderr };
}
