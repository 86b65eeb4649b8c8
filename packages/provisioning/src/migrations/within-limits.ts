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
  lease.signal.throwIfAborted();
  // Put together by hand: `AbortSignal.any` costs some nine times as much, for each tenant.
  const stop = new AbortController();
  const settled = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    stop.abort(reason);
    stopped.reject(reason);
  };
  const lost = () => end(lease.signal.reason);
  lease.signal.addEventListener("abort", lost);
  if (timeoutMs !== undefined) {
    const over = () => end(new MigrationTimeoutError(id, timeoutMs));
    void clock.sleep(timeoutMs, settled.signal).then(over, () => undefined);
  }
  try {
    return await Promise.race([stopped.promise, work(stop.signal)]);
  } finally {
    lease.signal.removeEventListener("abort", lost);
    // Without a reason it would make an error, with its stack, for every tenant.
    settled.abort(id);
  }
}
