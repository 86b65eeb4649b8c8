import type { Context } from "./context.ts";
import type { Clock } from "./contracts/clock.ts";

/**
 * Waits for a context's background work and leases, and takes back what its code has left open. A context that is cut
 * off (`ending` already) gets `graceMs`; what is still leased after it is destroyed. Gives what destroying threw.
 */
export async function drain(
  context: Context,
  clock: Clock,
  graceMs: number,
): Promise<readonly unknown[]> {
  if (context.idle) return [];
  const idle = new Promise<void>((resolve) => context.whenIdle(resolve));
  if (context.state === "active") {
    await idle;
    await context.abandonLeases();
    return [];
  }
  const stop = new AbortController();
  const grace = clock.sleep(graceMs, stop.signal).catch(() => undefined);
  await Promise.race([idle, grace]);
  stop.abort();
  return context.destroyLeases();
}
