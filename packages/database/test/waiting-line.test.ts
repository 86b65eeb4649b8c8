import { manualClock } from "@af-tenancy/core";
import { PoolExhaustedError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { leaseTerms, type PoolLease } from "../src/connection/pool/pool-lease.ts";
import { WaitingLine } from "../src/connection/pool/waiting-line.ts";
import { memoryDriver } from "./memory-driver.ts";

it("lets nobody leave twice: what comes after the end of a wait changes nothing", async () => {
  const { line, acme, wait } = make();
  const leaving = new AbortController();
  const waiting = wait(acme, leaving.signal);
  const [waiter] = line;

  leaving.abort(new RangeError("left"));
  waiter?.resolve({} as PoolLease);
  waiter?.reject(new RangeError("too late"));

  await expect(waiting).rejects.toThrow("left");
  expect([line.size, acme.waiting]).toEqual([0, 0]);
});

it("gives up on each at its own time, and wakes for nobody else", async () => {
  const { line, acme, globex, wait, clock } = make();
  const outcomes: string[] = [];
  const watch = (name: string, waiting: Promise<unknown>) =>
    void waiting.catch((error) => outcomes.push(`${name} ${error instanceof PoolExhaustedError}`));
  watch("acme", wait(acme));
  await clock.advance(60);
  watch("globex", wait(globex));

  await clock.advance(40);
  expect(outcomes).toEqual(["acme true"]);
  await clock.advance(59);
  expect([outcomes.length, line.size]).toEqual([1, 1]);
  await clock.advance(1);

  expect(outcomes).toEqual(["acme true", "globex true"]);
  expect(line.size).toBe(0);
});

it("gives up also on who comes when everybody before was given up on", async () => {
  const { acme, wait, clock } = make();

  for (let round = 0; round < 2; round++) {
    const refused = expect(wait(acme)).rejects.toThrow(PoolExhaustedError);
    await clock.advance(100);
    await refused;
  }
});

it("watches with one timer, and with none while nobody waits", async () => {
  const { line, acme, globex, wait, sleeping } = make();
  const waits = [wait(acme), wait(globex), wait(acme)];

  expect(sleeping()).toBe(1);
  for (const waiter of [...line]) waiter.reject(new RangeError("over"));
  await Promise.allSettled(waits);
  await new Promise(setImmediate);

  expect(sleeping()).toBe(0);
});

it("watches for who comes at the moment in which the last one leaves", async () => {
  const { line, acme, globex, wait, clock } = make();
  const first = wait(acme);
  const [waiter] = line;
  waiter?.reject(new RangeError("over"));
  const second = wait(globex);
  await expect(first).rejects.toThrow("over");
  await new Promise(setImmediate);

  const ended = expect(second).rejects.toThrow(PoolExhaustedError);
  await clock.advance(100);

  await ended;
});

it("listens to a scope's end no longer than its wait", async () => {
  const { line, acme, wait } = make();
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener);
  signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
  const waiting = wait(acme, signal);
  expect(listeners.size).toBe(1);

  for (const waiter of line) waiter.resolve({} as PoolLease);
  await waiting;

  expect(listeners.size).toBe(0);
});

/** A line in which anybody waits for 100 milliseconds. */
function make() {
  const { connections, place } = memoryDriver();
  const clock = manualClock();
  const sleeps = new Set<object>();
  const watched = {
    ...clock,
    async sleep(milliseconds: number, signal?: AbortSignal) {
      const sleep = {};
      sleeps.add(sleep);
      try {
        await clock.sleep(milliseconds, signal);
      } finally {
        sleeps.delete(sleep);
      }
    },
  };
  const line = new WaitingLine(watched, 100);
  const borrower = (tenantId: string) =>
    new Borrower({ tenantId, placement: place(tenantId, 1) }, connections);
  return {
    ...{ line, clock, acme: borrower("acme"), globex: borrower("globex") },
    sleeping: () => sleeps.size,
    wait: (one: Borrower, signal?: AbortSignal) =>
      line.wait(leaseTerms(one, {}, clock.monotonic()), 0, signal),
  };
}
