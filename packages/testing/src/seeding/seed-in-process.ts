import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { SeedingProcess } from "./tenant-seeding-harness.ts";

/**
 * Starts a script that seeds a tenant with `waitingSeeders` and so waits in the middle; it is killed when the test is
 * over. What is given reaches it as JSON in its first argument.
 */
export function seedInProcess(script: URL, given: object): SeedingProcess {
  const args = ["--no-warnings", fileURLToPath(script), JSON.stringify(given)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close");
  return {
    begun: async () => void (await once(child.stdout, "data")),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
