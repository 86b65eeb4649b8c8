import type { ChangeFollowing } from "./change-delivery.ts";
import type { ChangeListeners } from "./contracts/change-listener.ts";
import { followChanges } from "./follow-changes.ts";

/** The consumers of one tenancy: they follow the registry's changes from its start to its close. */
export class ChangeConsumers {
  readonly #listeners: ChangeListeners;
  #stops: readonly (() => Promise<void>)[] = [];

  constructor(listeners: ChangeListeners) {
    this.#listeners = listeners;
  }

  start(following: Omit<ChangeFollowing, "consumer" | "deliver">): void {
    this.#stops = Object.entries(this.#listeners).map(([consumer, deliver]) =>
      followChanges({ ...following, consumer, deliver }),
    );
  }

  /** Stops all of them, each after the change that it is at. */
  async stop(): Promise<void> {
    const stops = this.#stops;
    this.#stops = [];
    await Promise.all(stops.map((stop) => stop()));
  }
}
