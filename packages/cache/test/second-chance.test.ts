import { expect, it } from "vitest";
import { SecondChance } from "../src/layers/second-chance.ts";

const value = (name: string) => ({ name, used: false });

it("keeps what was used since the last time round, and gives what had to go", () => {
  const kept = new SecondChance<ReturnType<typeof value>>(3);
  for (const name of ["a", "b", "c"]) kept.set(name, value(name));
  kept.get("a");
  kept.get("c");

  const gone = kept.set("d", value("d"));

  expect(gone?.name).toBe("b");
  expect(["a", "b", "c", "d"].map((name) => kept.peek(name)?.name)).toEqual([
    ...["a", undefined, "c", "d"],
  ]);
  expect(kept.set("e", value("e"))?.name).toBe("a");
});

it("never holds more than it may, whatever comes, goes and comes again", () => {
  const kept = new SecondChance<ReturnType<typeof value>>(10);
  const names = Array.from({ length: 37 }, (_, index) => `name-${index}`);

  for (let step = 0; step < 5_000; step += 1) {
    const name = names[(step * 7919 + (step >> 3)) % names.length] ?? "";
    if (step % 5 === 0) kept.delete(name);
    else if (step % 3 === 0) kept.get(name);
    else kept.set(name, value(name));

    expect(kept.size).toBeLessThanOrEqual(10);
    if (step % 5 !== 0 && step % 3 !== 0) expect(kept.peek(name)?.name).toBe(name);
  }
  kept.clear();
  expect([kept.size, kept.peek("name-1")]).toEqual([0, undefined]);
});
