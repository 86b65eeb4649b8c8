import { type Clock, manualClock } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { Leases } from "../src/connection/pool/leases.ts";

it("says that all are back also when the last one comes at the very moment at which it is late", async () => {
  const late = Promise.withResolvers<void>();
  const clock = { ...manualClock(), sleep: () => late.promise };
  let areBack = false;

  const waiting = new Leases().until(() => areBack, clock, 100);
  late.resolve();
  await Promise.resolve();
  areBack = true;

  expect(await waiting).toBe(true);
});

it("leaves nothing behind that waits on once all are back", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const clock = manualClock();
  const watched: Clock = {
    ...clock,
    sleep(milliseconds, signal) {
      signals.push(signal);
      return clock.sleep(milliseconds, signal);
    },
  };

  await new Leases().until(() => true, watched, 100);

  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});
