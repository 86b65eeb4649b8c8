import { MigrationTimeoutError, type Tenant } from "@af-tenancy/core";
import type { PlanRun } from "./plan-run.ts";

/**
 * Waits for work on one tenant as long as the plan holds and the tenant's time is not over; then it is told to stop
 * before its next migration, and left to itself: the tenant's lock keeps others away while it still runs.
 */
export async function withinLimits<R>(
  { workplace: { clock }, care: { timeoutMs }, lease }: PlanRun,
  { id }: Tenant,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const limit = new AbortController();
  const settled = new AbortController();
  const signal = AbortSignal.any([lease.signal, limit.signal]);
  if (timeoutMs !== undefined) {
    const over = () => limit.abort(new MigrationTimeoutError(id, timeoutMs));
    void clock.sleep(timeoutMs, settled.signal).then(over, () => undefined);
  }
  const stopped = new Promise<never>((_resolve, reject) => {
    const options = { signal: settled.signal };
    signal.addEventListener("abort", () => reject(signal.reason), options);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([stopped, work(signal)]);
  } finally {
    // Without a reason it would make an error, with its stack, for every tenant.
    settled.abort(id);
  }
}
