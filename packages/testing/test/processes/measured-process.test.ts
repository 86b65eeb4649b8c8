import { measuredProcess } from "@af-tenancy/testing";
import { expect, it } from "vitest";

const script = new URL("./workers/hold-memory.ts", import.meta.url);

it("S147: tells the memory that a process had at most, whatever the one that started it has", async () => {
  const own = Buffer.alloc(300_000_000, 1);
  const few = await measuredProcess(script, "0");
  const many = await measuredProcess(script, "100000000");

  expect(own.length).toBe(300_000_000);
  expect(few).toMatchObject({ lines: ["held 0"] });
  expect(few.peakRss).toBeLessThan(200_000_000);
  expect(many.peakRss - few.peakRss).toBeGreaterThan(50_000_000);
});

it("fails with what the process wrote where it fails", async () => {
  await expect(measuredProcess(script, "much")).rejects.toThrow("ERR_OUT_OF_RANGE");
});
