import type { Workplace } from "./workplace.ts";

/** A right that is lost unless it is renewed in time. */
export interface RenewedRight {
  /** Takes the right anew; rejects when it cannot. */
  renew(): Promise<void>;
  /** Tells whether the renewal failed because the right is another's. */
  isLost(error: unknown): boolean;
  /** Makes the reason with which `lost` is aborted. */
  loss(): Error;
  readonly lost: AbortController;
  /** Aborted when the right is given up. */
  readonly ended: AbortSignal;
}

/** Renews a right three times within its time, and tells when it is lost: to another, or for lack of an answer. */
export async function keepRenewed(
  { clock, leaseMs }: Pick<Workplace, "clock" | "leaseMs">,
  { renew, isLost, loss, lost, ended }: RenewedRight,
): Promise<void> {
  let renewed = clock.monotonic();
  while (!lost.signal.aborted) {
    await clock.sleep(leaseMs / 3, ended).catch(() => undefined);
    if (ended.aborted) return;
    const asked = clock.monotonic();
    try {
      await renew();
      renewed = asked;
    } catch (error) {
      if (isLost(error) || asked - renewed >= leaseMs) lost.abort(loss());
    }
  }
}
