import type { Clock } from "@af-tenancy/core";

/** A clock under test and the means to let its time pass. */
export interface MovingClock {
  readonly clock: Clock;
  advance(milliseconds: number): Promise<void>;
}
