import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SeedingProcess } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";

/** Starts a process that seeds a tenant and waits in the middle; it is killed when the test is over. */
export function seedInProcess(given: object): SeedingProcess {
  const file = fileURLToPath(new URL("./workers/seed-tenant.ts", import.meta.url));
  const args = ["--no-warnings", file, JSON.stringify(given)];
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
