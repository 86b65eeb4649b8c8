import type { Activity } from "./activity.ts";
import type { Borrower } from "./borrower.ts";
import type { Leases } from "./leases.ts";
import type { Places } from "./places.ts";

/** Says who may have a lease at the moment. */
export class LeaseRules {
  readonly #places: Places;
  readonly #leases: Leases;
  readonly #activity: Activity;
  readonly #perTenant: number;

  constructor(places: Places, leases: Leases, activity: Activity, perTenant: number) {
    this.#places = places;
    this.#leases = leases;
    this.#activity = activity;
    this.#perTenant = perTenant;
  }

  /**
   * How many leases there may be for callers who hold `depth` already. The last places are reserved for those who hold
   * some, so that they can finish and give them back.
   */
  most(depth: number): number {
    const { limit } = this.#places;
    const levels = limit >= 6 ? 2 : Math.min(1, limit - 1);
    const perLevel = limit >= 40 ? 2 : 1;
    return limit - Math.max(0, levels - depth) * perLevel;
  }

  /** The tenant can have no lease however many there are. */
  isBarred({ held, leased }: Borrower): boolean {
    return held || leased >= this.#perTenant;
  }

  /** There is room for a lease at this depth. */
  isRoom(depth: number, bulk: boolean): boolean {
    if (this.#leases.size >= this.most(depth)) return false;
    return !bulk || this.#leases.bulk < Math.max(1, Math.floor(this.most(0) / 2));
  }

  /** The tenant has its fair share, and takes more only of what others leave. */
  isSated({ leased }: Borrower): boolean {
    return leased >= this.#activity.fairShare(this.#places.limit);
  }

  /** A tenant may go beyond its fair share; a quarter of the room is left for whoever comes next. */
  mayExceed(): boolean {
    const most = this.most(0);
    return this.#leases.size < most - (most > 2 ? Math.max(1, Math.floor(most / 4)) : 0);
  }
}
