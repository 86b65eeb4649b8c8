import type { ChangeListener } from "./contracts/change-listener.ts";
import type { Clock } from "./contracts/clock.ts";
import type { OutboxEntry } from "./contracts/outbox.ts";
import type { CentralRegistry } from "./contracts/registry.ts";

/** What follows the changes of a registry, and what is done with each. */
export interface ChangeFollowing {
  readonly registry: CentralRegistry;
  readonly clock: Clock;
  /** The name under which the registry remembers how far was delivered. */
  readonly consumer: string;
  readonly deliver: ChangeListener;
  /** Hears of what failed: of one tenant's change, or of the registry where there is no tenant. It is tried again. */
  failed(error: unknown, tenantId: string | undefined): void;
}

/** How long a delivery may go on, and what its listeners hear of that. */
export interface DeliveryTurn {
  readonly signal: AbortSignal;
  mayGoOn(): boolean;
}

/** Milliseconds between two looks for the changes of other processes. */
export const period = 1_000;

/**
 * Delivers changes in order, each tenant's on its own: those behind a change that failed wait for it, while other
 * tenants' go on. The cursor that the registry keeps stays before the oldest change that was not delivered.
 */
export class ChangeDelivery {
  readonly #following: ChangeFollowing;
  readonly #heldBack = new Map<string, HeldBack>();
  /** Up to here every change was delivered, or its tenant is held back. */
  #position: number;
  #saved: number;

  constructor(following: ChangeFollowing, cursor: number) {
    this.#following = following;
    this.#position = cursor;
    this.#saved = cursor;
  }

  /** Delivers what is due, and gives the milliseconds until there is more to do. */
  async deliver(turn: DeliveryTurn): Promise<number> {
    try {
      for (const [tenantId, held] of this.#heldBack) await this.#retry(tenantId, held, turn);
      if (await this.#readOn(turn)) return 0;
    } finally {
      await this.#save();
    }
    const now = this.#following.clock.monotonic();
    const dues = [...this.#heldBack.values()].map(({ dueAt }) => dueAt - now);
    return Math.max(Math.min(period, ...dues), 0);
  }

  /** Gives whether there may be more. */
  async #readOn(turn: DeliveryTurn): Promise<boolean> {
    if (this.#isCrowded) return false;
    const changes = await this.#following.registry.changes.readAfter(this.#position, batch);
    for (const change of changes) {
      if (this.#isCrowded || !turn.mayGoOn()) return false;
      if (!this.#heldBack.has(change.tenantId)) await this.#try(change, turn, 1);
      this.#position = change.sequence;
    }
    return changes.length === batch;
  }

  /** What lies behind the position is read with everybody's. */
  async #retry(tenantId: string, held: HeldBack, turn: DeliveryTurn): Promise<void> {
    if (held.dueAt > this.#following.clock.monotonic()) return;
    const { changes } = this.#following.registry;
    const read = await changes.readAfter(held.after, batch, tenantId);
    const passed = read.filter(({ sequence }) => sequence <= this.#position);
    let { attempts } = held;
    for (const change of passed) {
      if (!turn.mayGoOn()) return;
      if (!(await this.#try(change, turn, attempts + 1))) return;
      this.#heldBack.set(tenantId, { ...held, after: change.sequence, attempts: 0 });
      attempts = 0;
    }
    if (passed.length < batch) this.#heldBack.delete(tenantId);
  }

  async #try(
    change: OutboxEntry,
    { signal, mayGoOn }: DeliveryTurn,
    attempts: number,
  ): Promise<boolean> {
    const { deliver, failed, clock } = this.#following;
    const { tenantId, sequence } = change;
    try {
      await deliver(change, signal);
      return true;
    } catch (error) {
      const pause = Math.min(period * 2 ** (attempts - 1), longestPause);
      const dueAt = clock.monotonic() + pause;
      this.#heldBack.set(tenantId, { after: sequence - 1, attempts, dueAt });
      // A listener that was told to stop may say so.
      if (mayGoOn()) failed(error, tenantId);
      return false;
    }
  }

  async #save(): Promise<void> {
    const { registry, consumer } = this.#following;
    let cursor = this.#position;
    for (const { after } of this.#heldBack.values()) cursor = Math.min(cursor, after);
    if (cursor <= this.#saved) return;
    await registry.transaction(({ outbox }) => outbox.moveCursor(consumer, cursor));
    this.#saved = cursor;
  }

  /** So many fail at once that it is not the tenants: the rest waits with them. */
  get #isCrowded(): boolean {
    return this.#heldBack.size >= mostHeldBack;
  }
}

/** A tenant whose change failed. */
interface HeldBack {
  /** The number up to which its changes were delivered. */
  readonly after: number;
  /** How often in a row its next change failed. */
  readonly attempts: number;
  readonly dueAt: number;
}

const batch = 100;
const mostHeldBack = 1_000;
const longestPause = 60_000;
