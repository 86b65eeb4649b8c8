import { expect, it } from "vitest";
import { ReplicaHealth } from "../src/connection/pool/replica-health.ts";

const failure = new RangeError("it does not answer");

it("S023: a replica is tried while fewer than three failures came in a row", () => {
  const { health } = make();

  health.failed(failure);
  health.failed(failure);
  expect(health.mayTry()).toBe(true);
  health.answered();
  health.failed(failure);
  health.failed(failure);

  expect(health.mayTry()).toBe(true);
});

it("S023: one that failed three times rests, and then one caller at a time tries it", () => {
  const { health, clock } = make();
  for (let time = 0; time < 3; time++) health.failed(failure);

  expect(health.mayTry()).toBe(false);
  expect(health.failure).toBe(failure);
  clock.time = 200;
  expect([health.mayTry(), health.mayTry()]).toEqual([true, false]);
  clock.time = 400;
  expect(health.mayTry()).toBe(true);
  health.answered();

  expect([health.mayTry(), health.mayTry()]).toEqual([true, true]);
});

it("S023: it rests longer the longer it fails, and never longer than five seconds", () => {
  const { health, clock } = make();
  const rests: number[] = [];
  health.failed(failure);
  health.failed(failure);

  for (let time = 0; time < 8; time++) {
    health.failed(failure);
    const since = clock.time;
    while (!health.mayTry()) clock.time += 100;
    rests.push(clock.time - since);
  }

  expect(rests).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

function make() {
  const clock = { time: 0 };
  return { clock, health: new ReplicaHealth(() => clock.time) };
}
