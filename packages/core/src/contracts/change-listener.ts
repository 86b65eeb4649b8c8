import type { MaybePromise } from "../maybe-promise.ts";
import type { OutboxEntry } from "./outbox.ts";

/**
 * Handles one committed change, outside every tenant. A throw has it delivered again later, and nothing of its tenant
 * before that. The signal is aborted when the tenancy closes or another process took over.
 */
export type ChangeListener = (change: OutboxEntry, signal: AbortSignal) => MaybePromise<void>;

/** Who hears of every change, by the name under which the registry remembers how far it came. */
export type ChangeListeners = Readonly<Record<string, ChangeListener>>;
