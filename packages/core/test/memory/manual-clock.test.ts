import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { manualClock } from "../../src/index.ts";

it("stands still until it is told to move", async () => {
  const clock = manualClock(1_000);

  expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
  await clock.advance(250);
  expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
});

it("shows each sleeper the time at which it was due", async () => {
  const clock = manualClock();
  const woken: string[] = [];
  for (const milliseconds of [30, 10, 20]) {
    void clock.sleep(milliseconds).then(() => woken.push(`${milliseconds} at ${clock.now()}`));
  }

  await clock.advance(25);
  expect(woken).toEqual(["10 at 10", "20 at 20"]);
  await clock.advance(5);
  expect(woken).toEqual(["10 at 10", "20 at 20", "30 at 30"]);
});

it("wakes those that are due together in the order in which they went to sleep", async () => {
  const clock = manualClock();
  const woken: number[] = [];
  for (const sleeper of [1, 2, 3]) void clock.sleep(10).then(() => woken.push(sleeper));

  await clock.advance(10);

  expect(woken).toEqual([1, 2, 3]);
});

it("lets a loop of sleeps go round as often as in real time", async () => {
  const clock = manualClock();
  const beats: number[] = [];
  const beating = (async () => {
    while (beats.length < 5) {
      await clock.sleep(10);
      beats.push(clock.now());
    }
  })();

  await clock.advance(45);
  expect(beats).toEqual([10, 20, 30, 40]);
  await clock.advance(5);
  await beating;

  expect(beats).toEqual([10, 20, 30, 40, 50]);
});

it("forgets a sleep that was aborted", async () => {
  const clock = manualClock();
  const controller = new AbortController();
  const sleeping = clock.sleep(10, controller.signal);

  controller.abort();
  await expect(sleeping).rejects.toBe(controller.signal.reason);
  await clock.advance(20);

  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

it("refuses to go back", async () => {
  await expect(manualClock().advance(-1)).rejects.toThrow("time never goes back");
  await expect(manualClock().advance(Number.NaN)).rejects.toThrow("time never goes back");
});

it("waits for what was just begun to go to sleep", async () => {
  const clock = manualClock();
  let awake = false;
  void (async () => {
    await Promise.resolve();
    await clock.sleep(10);
    awake = true;
  })();

  await clock.advance(10);

  expect(awake).toBe(true);
});

it("adds up moves that overlap", async () => {
  const clock = manualClock();

  await Promise.all([clock.advance(10), clock.advance(10)]);

  expect(clock.now()).toBe(20);
});
