import { expect, it } from "vitest";
import { HandOver } from "../src/hand-over.ts";

/** A process that begins a transaction at a time and ends it at another, in milliseconds. */
function process() {
  let time = 1_000;
  const handOver = new HandOver(() => time);
  return {
    async transaction(from: number, to: number) {
      time = 1_000 + from;
      let isTaken = false;
      const beginning = handOver.begin(async () => {
        isTaken = true;
      });
      const atOnce = isTaken;
      await beginning;
      time = 1_000 + to;
      handOver.ended();
      return atOnce;
    },
  };
}

it("pauses before a transaction where its process has had the lock for long", async () => {
  const { transaction } = process();

  const atOnce = [
    await transaction(0, 20),
    await transaction(21, 49),
    await transaction(50, 60),
    await transaction(61, 70),
  ];

  expect(atOnce).toEqual([true, true, true, false]);
});

it("pauses at no time where others had their chance in between", async () => {
  const { transaction } = process();

  const atOnce = [
    await transaction(0, 45),
    await transaction(55, 90),
    await transaction(91, 104),
    await transaction(120, 130),
  ];

  expect(atOnce).toEqual([true, true, true, true]);
});
