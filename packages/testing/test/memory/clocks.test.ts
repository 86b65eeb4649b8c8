import { manualClock, systemClock } from "@af-tenancy/core";
import { clockContract } from "../../src/index.ts";

clockContract("system", { create: () => systemClock() });

clockContract("manual", {
  create: () => manualClock(1_800_000_000_000),
  advance: (clock, milliseconds) => clock.advance(milliseconds),
});
