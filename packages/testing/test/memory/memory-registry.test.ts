import { manualClock, memoryRegistry } from "@af-tenancy/core";
import { centralRegistryContract } from "../../src/index.ts";

const leftOut = {
  "several processes": "it is in the memory of one process",
  secrets: "no database says anything about a statement",
};

centralRegistryContract("memory, real time", { create: () => memoryRegistry(), leftOut });

const clock = manualClock(1_800_000_000_000);
centralRegistryContract("memory, manual time", {
  create: () => memoryRegistry({ clock }),
  elapse: (milliseconds) => clock.advance(milliseconds),
  leftOut,
});
