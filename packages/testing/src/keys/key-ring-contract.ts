import type { KeyRing } from "@af-tenancy/core";
import { describe } from "vitest";
import { group, type LeftOut } from "../suite/group.ts";
import { encryptionTests } from "./encryption-tests.ts";
import { rotationTests } from "./rotation-tests.ts";
import { signatureTests } from "./signature-tests.ts";

/** How the contract gets at the key ring that it checks. */
export interface KeyRingHarness {
  /** Makes a ring with the same keys each time. */
  create(): KeyRing;
  /** Makes a ring whose keys are others altogether. */
  stranger(): KeyRing;
  /** Makes a ring with a new current key that still knows those of `create`; needed by the group `rotation`. */
  rotated?(): KeyRing;
  readonly leftOut?: LeftOut<"encryption" | "signatures" | "rotation">;
}

/**
 * Checks that a key ring keeps purposes, contexts and keys apart as every `KeyRing` must.
 *
 * @example
 * keyRingContract("my ring", {
 *   create: () => createKeyRing({ current }),
 *   stranger: () => createKeyRing({ current: other }),
 *   rotated: () => createKeyRing({ current: other, previous: [current] }),
 * });
 */
export function keyRingContract(name: string, harness: KeyRingHarness): void {
  const { leftOut } = harness;

  describe(`key ring: ${name}`, () => {
    group("encryption", leftOut, () => encryptionTests(harness.create, harness.stranger));
    group("signatures", leftOut, () => signatureTests(harness.create, harness.stranger));
    group("rotation", leftOut, () => rotationTests(harness.create, harness.rotated));
  });
}
