import { ChangeDelivery, type ChangeFollowing, period } from "./change-delivery.ts";
import type { Outbox } from "./contracts/outbox.ts";
import { HeldLease, leaseMs } from "./held-lease.ts";
import { outsideTenancy } from "./outside-tenancy.ts";

/**
 * Delivers every committed change at least once and each tenant's in order, also those of a process that died after its
 * commit: at once those of this process, the others each second. Of all processes that follow under one name, one does
 * at a time. Gives the function that stops it, between two changes.
 */
export function followChanges(following: ChangeFollowing): () => Promise<void> {
  const stop = new AbortController();
  const running = outsideTenancy(() => followUntil(stop.signal, following));
  return async () => {
    stop.abort();
    await running;
  };
}

async function followUntil(stop: AbortSignal, following: ChangeFollowing): Promise<void> {
  const { registry, clock, consumer, failed } = following;
  while (!stop.aborted) {
    let pause = period;
    try {
      const lease = await HeldLease.take(registry, clock, `consumer:${consumer}`);
      if (lease === undefined) pause = leaseMs / 3;
      else await followWhileHeld(lease, stop, following);
    } catch (error) {
      failed(error, undefined);
    }
    await clock.sleep(pause, stop).catch(() => undefined);
  }
}

async function followWhileHeld(
  lease: HeldLease,
  stop: AbortSignal,
  following: ChangeFollowing,
): Promise<void> {
  const { registry, clock, consumer, failed } = following;
  const signal = AbortSignal.any([stop, lease.signal]);
  const mayGoOn = () => lease.isHeld && !signal.aborted;
  let wake = new AbortController();
  const remove = registry.changes.onCommit(() => wake.abort());
  try {
    const cursor = await registry.transaction(({ outbox }) => begin(outbox, consumer));
    const delivery = new ChangeDelivery(following, cursor);
    while (mayGoOn()) {
      wake = new AbortController();
      const pause = await delivery.deliver({ signal, mayGoOn }).catch((error: unknown) => {
        failed(error, undefined);
        wake = new AbortController();
        return period;
      });
      if (pause === 0) continue;
      await clock.sleep(pause, AbortSignal.any([signal, wake.signal])).catch(() => undefined);
    }
  } finally {
    remove();
    await lease.release();
  }
}

/** Gives how far the consumer has read, and has the registry keep for it whatever comes after that. */
async function begin(outbox: Outbox, consumer: string): Promise<number> {
  const cursor = await outbox.cursor(consumer);
  await outbox.moveCursor(consumer, cursor);
  return cursor;
}
