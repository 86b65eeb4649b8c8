import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { systemClock } from "../../src/index.ts";

it("tells the time of the system", () => {
  const clock = systemClock();

  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  expect(Math.abs(clock.monotonic() - performance.now())).toBeLessThan(1_000);
});

it("keeps neither timer nor listener of a sleep that was aborted", async () => {
  const { signal, abort } = abortable();
  const before = timers();
  const sleeping = systemClock().sleep(60_000, signal);
  await setImmediate();
  const during = timers();

  abort();

  await expect(sleeping).rejects.toBe(signal.reason);
  expect([during, timers()]).toEqual([before + 1, before]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("keeps no listener of a sleep that is over", async () => {
  const { signal } = abortable();

  await systemClock().sleep(1, signal);

  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("sleeps longer than a timer of Node can", async () => {
  vi.useFakeTimers();
  const days = 24 * 60 * 60 * 1_000;
  let awake = false;
  const sleeping = systemClock()
    .sleep(30 * days)
    .then(() => {
      awake = true;
    });

  await vi.advanceTimersByTimeAsync(29 * days);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1 * days);
  await sleeping;

  expect(awake).toBe(true);
  vi.useRealTimers();
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
}
