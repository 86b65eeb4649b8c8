import { expect, it } from "vitest";
import * as intact from "../../src/index.ts";
import { explore } from "./explore.ts";
import { guards } from "./guards.ts";
import { withoutGuard } from "./without-guard.ts";

const seed = 1;

it.each(guards)("G15: interleavings break a rule unless $name", { timeout: 120_000 }, (guard) =>
  withoutGuard(guard, async (core, found) => {
    expect(found).toBe(1);

    const { violation, runs } = await explore(core, { runs: 2_000, seed, hasty: true });
    const control = await explore(intact, { runs, seed, hasty: true });

    expect(violation).toBeDefined();
    expect(control.violation).toBeUndefined();
  }),
);
