import type { CostOutput } from "../outputs/tenant-output.ts";

/** Begins to measure time and memory; the function that it gives tells both. */
export function measure(): () => CostOutput {
  const start = performance.now();
  const { heapUsed } = process.memoryUsage();
  return () => {
    const after = process.memoryUsage();
    return {
      milliseconds: Math.round(performance.now() - start),
      heapBytes: after.heapUsed - heapUsed,
      residentBytes: after.rss,
    };
  };
}
