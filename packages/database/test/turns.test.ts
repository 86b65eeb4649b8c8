import { manualClock, systemClock } from "@af-tenancy/core";
import { PoolExhaustedError, Turns } from "@af-tenancy/database";
import { expect, it } from "vitest";

const tooLate = (waited: number) => new PoolExhaustedError("acme", waited);

it("gives a turn at once where nobody has it", () => {
  const turns = new Turns(systemClock(), 1_000, tooLate);

  expect(turns.take()).toBeUndefined();
  expect(turns.free).toBe(false);
  turns.give();
  expect(turns.free).toBe(true);
});

it("lets the waiting in, in the order in which they came", async () => {
  const turns = new Turns(systemClock(), 1_000, tooLate);
  const order: string[] = [];
  turns.take();
  const waiting = ["first", "second", "third"].map(async (name) => {
    await turns.take();
    order.push(name);
    turns.give();
  });

  turns.give();
  await Promise.all(waiting);

  expect(order).toEqual(["first", "second", "third"]);
  expect(turns.free).toBe(true);
});

it("ends the wait after its patience, and gives the turn to the next one", async () => {
  const clock = manualClock();
  const turns = new Turns(clock, 1_000, tooLate);
  turns.take();
  const impatient = turns.take();
  const refused = expect(impatient).rejects.toThrow(PoolExhaustedError);
  await clock.advance(999);
  const patient = turns.take();

  await clock.advance(1);
  await refused;
  turns.give();
  await patient;

  expect(turns.free).toBe(false);
});

it("waits as long as the line moves, however long it is", async () => {
  const clock = manualClock();
  const turns = new Turns(clock, 1_000, tooLate);
  turns.take();
  let entered = 0;
  const waiting = Array.from({ length: 10 }, async () => {
    await turns.take();
    entered += 1;
  });
  for (let turn = 1; turn <= 9; turn += 1) {
    await clock.advance(900);
    turns.give();
  }
  await clock.advance(999);
  expect(entered).toBe(9);

  const refused = expect(waiting.at(-1)).rejects.toThrow(PoolExhaustedError);
  await clock.advance(1);

  await refused;
});

it("ends the wait with its scope", async () => {
  const turns = new Turns(systemClock(), 1_000, tooLate);
  const scope = new AbortController();
  turns.take();
  const waiting = turns.take(scope);

  scope.abort(new RangeError("ended"));

  await expect(waiting).rejects.toThrow("ended");
  await expect(turns.take(scope)).rejects.toThrow("ended");
  turns.give();
  expect(turns.free).toBe(true);
});
