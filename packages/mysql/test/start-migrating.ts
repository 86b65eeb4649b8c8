import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Tenant } from "@af-tenancy/core";
import type { SqlMigration } from "@af-tenancy/testing";
import { onTestFinished } from "vitest";
import { server } from "./server.ts";

/** A process that migrates a tenant. */
export interface Migrating {
  /** Waits until it has succeeded; throws what it wrote when it failed. */
  done(): Promise<void>;
  /** Ends it without a word, as a crash does. */
  kill(): Promise<void>;
}

/** Starts a process that migrates a tenant; it is killed when the test is over and it still runs. */
export function startMigrating(
  tenant: Tenant,
  migrations: readonly SqlMigration[],
  options: object = {},
): Migrating {
  const file = fileURLToPath(new URL("./workers/migrate-tenant.ts", import.meta.url));
  const given = JSON.stringify({ connection: server, options, migrations, tenant });
  const child = spawn(process.execPath, ["--no-warnings", file, given], { stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  let failed = "";
  child.stderr.on("data", (chunk) => (failed += chunk));
  const ended = once(child, "close");
  return {
    async done() {
      const [code] = await ended;
      if (code !== 0) throw new Error(`It ended with ${code}: ${failed}`);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
