import { expect, it, onTestFinished, vi } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { Breakers } from "../src/connection/pool/breakers.ts";
import { memoryDriver } from "./memory-driver.ts";

const failure = new RangeError("no route to host");

it("F079: tells whether a database that fails is tried, is left alone, or is being tried once more", async () => {
  const { breakers, run, wait } = make();
  const states = () => breakers.failing.map(({ breaker }) => breaker);
  const answer = Promise.withResolvers<void>();

  await run(fail);
  const seen = [states()];
  for (let time = 0; time < 4; time++) await run(fail);
  seen.push(states());
  wait(2_000);
  const trying = run(() => answer.promise);
  seen.push(states());
  answer.resolve();
  await trying;
  seen.push(states());

  expect(seen).toEqual([["closed"], ["open"], ["half-open"], []]);
});

it("F079: leaves it alone the longer the longer it fails, and never longer than two seconds", async () => {
  const { run, wait } = make();
  const rests: number[] = [];
  for (let time = 0; time < 5; time++) await run(fail);

  for (let time = 0; time < 8; time++) {
    let rest = 0;
    const work = vi.fn(fail);
    while (work.mock.calls.length === 0 && rest < 10_000) {
      wait(50);
      rest += 50;
      await run(work);
    }
    rests.push(rest);
  }

  expect(rests[0]).toBeGreaterThanOrEqual(100);
  expect(rests[0]).toBeLessThan(500);
  expect(rests.at(-1)).toBe(2_000);
  expect(rests).toEqual(rests.toSorted((one, other) => one - other));
});

async function fail(): Promise<void> {
  throw failure;
}

it("F079: has nobody try before the time that it is told, unless something was done to it meanwhile", async () => {
  const { breakers, borrower, run } = make();
  const seen = [breakers.isPaused(borrower, 0)];

  await run(fail);
  breakers.pause(borrower, 250);
  seen.push(breakers.isPaused(borrower, 249), breakers.isPaused(borrower, 250));
  breakers.forget(borrower);
  breakers.pause(borrower, 250);
  seen.push(breakers.isPaused(borrower, 0));

  expect(seen).toEqual([false, true, false, false]);
});

/** The time stands still but for what is waited, and no chance is in how long a database is left alone. */
function make() {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const { connections, place } = memoryDriver();
  const borrower = new Borrower({ tenantId: "acme", placement: place("acme", 1) }, connections);
  const breakers = new Breakers(() => true);
  return {
    ...{ breakers, borrower },
    run: (work: () => Promise<void>) => breakers.run(borrower, work).catch(() => undefined),
    wait: (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds),
  };
}
