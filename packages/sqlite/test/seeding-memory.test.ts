import { join } from "node:path";
import { measuredProcess, testScale } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const script = new URL("./workers/seed-rows.ts", import.meta.url);
const scale = testScale();
const few = Math.round(10_000 * scale);
const many = Math.round(1_000_000 * scale ** 2);

it.each(scale < 1 ? ["stream"] : ["stream", "once"])(
  `S021, S147: seeding one tenant needs no more memory for ${many} rows than for ${few}, by %s`,
  async (seeder) => {
    const folder = temporaryFolder();

    const small = await measuredProcess(script, join(folder, "few"), seeder, `${few}`);
    const large = await measuredProcess(script, join(folder, "many"), seeder, `${many}`);

    expect([small.lines, large.lines]).toEqual([[`${few}`], [`${many}`]]);
    expect(large.peakRss / small.peakRss).toBeLessThanOrEqual(1.2);
  },
  600_000,
);
