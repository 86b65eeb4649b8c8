import { createKeyRing } from "@af-tenancy/core";
import { keyRingContract } from "../../src/index.ts";

const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

keyRingContract("of core", {
  create: () => createKeyRing({ current: first }),
  stranger: () => createKeyRing({ current: second }),
  rotated: () => createKeyRing({ current: second, previous: [first] }),
});
