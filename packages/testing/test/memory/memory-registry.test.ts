import { manualClock, memoryRegistry } from "@af-tenancy/core";
import { centralRegistryContract } from "../../src/index.ts";

centralRegistryContract("memory, real time", { create: () => memoryRegistry() });

const clock = manualClock(1_800_000_000_000);
centralRegistryContract("memory, manual time", {
  create: () => memoryRegistry({ clock }),
  elapse: (milliseconds) => clock.advance(milliseconds),
});
