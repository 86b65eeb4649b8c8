import type { Clock } from "./contracts/clock.ts";
import type { OutboxEntry } from "./contracts/outbox.ts";
import type { CentralRegistry } from "./contracts/registry.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { outsideTenancy } from "./outside-tenancy.ts";

/** What follows the changes of a registry, and what is done with each. */
export interface ChangeFollowing {
  readonly registry: CentralRegistry;
  readonly clock: Clock;
  /** The name under which the registry remembers how far was delivered. */
  readonly consumer: string;
  /** Handles one change; a throw has it delivered again later, and nothing behind it before. */
  deliver(change: OutboxEntry): MaybePromise<void>;
  /** Hears of what failed; it is tried again after the period. */
  failed(error: unknown): void;
}

/**
 * Delivers every committed change, in order and at least once, also those of a process that died after its commit:
 * at once those of this process, the others each second. Gives the function that stops it, between two changes.
 */
export function followChanges(following: ChangeFollowing): () => Promise<void> {
  const { registry, clock } = following;
  const stop = new AbortController();
  let wake = new AbortController();
  const remove = registry.changes.onCommit(() => wake.abort());

  async function follow(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      try {
        if ((await deliverSome(following, stop.signal)) === batch) continue;
      } catch (error) {
        following.failed(error);
        wake = new AbortController();
      }
      const signal = AbortSignal.any([stop.signal, wake.signal]);
      await clock.sleep(period, signal).catch(() => undefined);
    }
  }

  const running = outsideTenancy(follow);
  return async () => {
    remove();
    stop.abort();
    await running;
  };
}

/** Milliseconds between two looks for the changes of other processes. */
const period = 1_000;
const batch = 100;

async function deliverSome(following: ChangeFollowing, signal: AbortSignal): Promise<number> {
  const { registry, consumer, deliver } = following;
  const after = await registry.transaction(({ outbox }) => outbox.cursor(consumer));
  const changes = await registry.changes.readAfter(after, batch);
  let delivered = after;
  try {
    for (const change of changes) {
      if (signal.aborted) break;
      await deliver(change);
      delivered = change.sequence;
    }
  } finally {
    if (delivered > after) {
      await registry.transaction(({ outbox }) => outbox.moveCursor(consumer, delivered));
    }
  }
  return changes.length;
}
