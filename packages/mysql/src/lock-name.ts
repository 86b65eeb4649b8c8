import { createHash } from "node:crypto";
import { DatabaseUnavailableError, type RunSql } from "@af-tenancy/database";

/**
 * Has other processes that work on the database of this name wait until it is unlocked or the connection is closed. Throws
 * `DatabaseUnavailableError` when another one does not let go of it in time.
 */
export async function lockName(run: RunSql, name: string, seconds = 10): Promise<void> {
  const [row] = await run<{ readonly got: unknown }>(
    `select get_lock('${lockOf(name)}', ${seconds}) as got`,
  );
  if (Number(row?.got) === 1) return;
  const cause = `another process has been working on it for ${seconds} seconds`;
  throw new DatabaseUnavailableError(name, { cause, transient: true });
}

/** Lets other processes work on the database of this name again. */
export async function unlockName(run: RunSql, name: string): Promise<void> {
  await run(`do release_lock('${lockOf(name)}')`);
}

/** The server takes 64 characters at most. */
export function lockOf(name: string): string {
  return `af-tenancy-${createHash("sha256").update(name).digest("hex").slice(0, 48)}`;
}
