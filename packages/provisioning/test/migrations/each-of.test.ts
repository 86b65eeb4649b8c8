import { expect, it } from "vitest";
import { eachOf } from "../../src/migrations/each-of.ts";
import { gate } from "../support/gate.ts";

it("begins nobody who was fetched while another failed, and throws when all have come to rest", async () => {
  const [fetched, slow] = [gate(), gate()];
  const visited: number[] = [];
  async function* queue() {
    yield 1;
    yield 2;
    await fetched.opened;
    yield 3;
  }

  const running = eachOf(queue(), 3, async (value) => {
    visited.push(value);
    if (value === 2) await slow.opened;
    if (value === 1) throw new RangeError("on purpose");
  });
  running.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  fetched.open();
  await new Promise((resolve) => setImmediate(resolve));
  slow.open();

  await expect(running).rejects.toThrow("on purpose");
  expect(visited).toEqual([1, 2]);
});

it("gives timers and signals a turn after each, although everything is answered at once", async () => {
  let isStopped = false;
  setTimeout(() => {
    isStopped = true;
  }, 1);
  let visited = 0;

  await eachOf(
    Array.from({ length: 100_000 }),
    2,
    async () => {
      visited += 1;
    },
    () => isStopped,
  );

  expect(visited).toBeLessThan(100_000);
});
