import { testScale } from "@af-tenancy/testing";

/** As many of the boundaries as the scale says, and others for each offset; all of them at scale 1. */
export function sampled(all: readonly string[], offset = 0, more = 1): readonly string[] {
  const each = Math.max(1, Math.round(1 / testScale() / more));
  return all.filter((_, index) => (index + offset) % each === 0);
}
