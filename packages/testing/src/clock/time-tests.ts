import { expect, it } from "vitest";
import type { MovingClock } from "./moving-clock.ts";

/** Checks what a clock says. */
export function timeTests(subject: () => MovingClock): void {
  it("tells wall time in milliseconds", async () => {
    const { clock, advance } = subject();
    const before = clock.now();

    await advance(40);

    expect(Number.isFinite(before)).toBe(true);
    expect(clock.now() - before).toBeGreaterThan(20);
    expect(clock.now() - before).toBeLessThan(5_000);
  });

  it("never goes back", async () => {
    const { clock, advance } = subject();
    const readings = [clock.monotonic()];

    for (let reading = 0; reading < 5; reading += 1) {
      await advance(2);
      readings.push(clock.monotonic(), clock.monotonic());
    }

    expect(readings).toEqual(readings.toSorted((one, two) => one - two));
    expect(readings.at(-1)).toBeGreaterThan(readings[0] ?? Number.POSITIVE_INFINITY);
  });
}
