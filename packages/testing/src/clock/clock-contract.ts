import type { Clock, MaybePromise } from "@af-tenancy/core";
import { describe } from "vitest";
import { elapse } from "../suite/elapse.ts";
import { group, type LeftOut } from "../suite/group.ts";
import { sleepTests } from "./sleep-tests.ts";
import { timeTests } from "./time-tests.ts";

/** How the contract gets at the clock that it checks. */
export interface ClockHarness<C extends Clock = Clock> {
  create(): C;
  /** Lets the clock's time pass; real time passes when it is absent. */
  advance?(clock: C, milliseconds: number): MaybePromise<void>;
  readonly leftOut?: LeftOut<"time" | "sleep">;
}

/**
 * Checks that a clock tells time and sleeps as every `Clock` must.
 *
 * @example
 * clockContract("manual", {
 *   create: () => manualClock(),
 *   advance: (clock, milliseconds) => clock.advance(milliseconds),
 * });
 */
export function clockContract<C extends Clock>(name: string, harness: ClockHarness<C>): void {
  const subject = () => {
    const clock = harness.create();
    const advance = async (milliseconds: number) => {
      await (harness.advance?.(clock, milliseconds) ?? elapse(milliseconds));
    };
    return { clock, advance };
  };

  describe(`clock: ${name}`, () => {
    group("time", harness.leftOut, () => timeTests(subject));
    group("sleep", harness.leftOut, () => sleepTests(subject));
  });
}
