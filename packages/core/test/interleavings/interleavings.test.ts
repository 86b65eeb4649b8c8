import { expect, it } from "vitest";
import * as core from "../../src/index.ts";
import { explore } from "./explore.ts";

const runs = Math.ceil(10_000 * Number(process.env.AF_TEST_SCALE ?? 0.1));
// AF_TEST_SEED explores again what an earlier run explored.
const seed = Number(process.env.AF_TEST_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const timeout = 60_000 + 60 * runs;

it(`G1: ${runs} interleavings with seed ${seed} leak nothing`, { timeout }, async () => {
  process.stdout.write(`interleavings: ${runs} runs with seed ${seed}\n`);

  const { violation } = await explore(core, { runs, seed });

  expect(violation).toBeUndefined();
});
