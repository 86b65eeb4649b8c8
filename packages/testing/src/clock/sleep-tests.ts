import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { MovingClock } from "./moving-clock.ts";

/** Checks how a clock sleeps. */
export function sleepTests(subject: () => MovingClock): void {
  it("wakes when its time has come and not before", async () => {
    const { clock, advance } = subject();
    const began = clock.monotonic();
    let woke = Number.NaN;
    const sleeping = clock.sleep(60).then(() => {
      woke = clock.monotonic() - began;
    });

    await advance(10);
    expect(woke).toBeNaN();
    await advance(80);
    await sleeping;

    expect(woke).toBeGreaterThanOrEqual(58); // timers round
  });

  it("wakes sleepers in the order of their time", async () => {
    const { clock, advance } = subject();
    const woken: string[] = [];
    const sleeping = [90, 30, 60].map((milliseconds) =>
      clock.sleep(milliseconds).then(() => woken.push(`${milliseconds}`)),
    );

    await advance(120);
    await Promise.all(sleeping);

    expect(woken).toEqual(["30", "60", "90"]);
  });

  it("does not wait for nothing", async () => {
    const { clock } = subject();

    await clock.sleep(0);
  });

  it("rejects with the signal's reason when it is aborted", async () => {
    const { clock, advance } = subject();
    const controller = new AbortController();
    const reason = new InvalidInputError("test", "it", "it is aborted");
    const sleeping = clock.sleep(60_000, controller.signal);
    const rejected = expect(sleeping).rejects.toBe(reason);

    await advance(1);
    controller.abort(reason);

    await rejected;
  });

  it("rejects at once when the signal is aborted already", async () => {
    const { clock } = subject();
    const reason = new InvalidInputError("test", "it", "it is aborted");

    await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(clock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it("is not moved by an abort that comes after it woke", async () => {
    const { clock, advance } = subject();
    const controller = new AbortController();
    const sleeping = clock.sleep(5, controller.signal);
    await advance(30);
    await sleeping;

    controller.abort();

    await expect(sleeping).resolves.toBeUndefined();
  });
}
