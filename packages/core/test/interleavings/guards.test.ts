import { expect, it } from "vitest";
import * as intact from "../../src/index.ts";
import { explore } from "./explore.ts";
import { guards } from "./guards.ts";
import { withoutGuard } from "./without-guard.ts";

const seed = 1;
const scale = Number(process.env.AF_TEST_SCALE ?? 0.1);
/** A third of them, other ones each time, unless all are asked for. */
const thirds = scale < 1 ? 3 : 1;
const third = Number(process.env.AF_TEST_SEED ?? Math.floor(Math.random() * thirds)) % thirds;
const taken = guards.filter((_, index) => index % thirds === third);

it.each(taken)("G15: interleavings break a rule unless $name", { timeout: 120_000 }, (guard) =>
  withoutGuard(guard, async (core, found) => {
    expect(found).toBe(1);

    const { violation, runs } = await explore(core, { runs: 2_000, seed, hasty: true });
    const control = await explore(intact, { runs, seed, hasty: true });

    expect(violation).toBeDefined();
    expect(control.violation).toBeUndefined();
  }),
);
