import { demand } from "../demand.ts";
import type { IdGenerator } from "./id-generator.ts";

/** Which sequence counts, and how its numbers are written. */
export interface SequenceIdOptions {
  /** The registry's sequence: 1 to 64 of `[A-Za-z0-9_-]`; `tenants` when absent. */
  readonly sequence?: string;
  /** Zeros are put in front up to so many digits, 1 to 16, so that ids sort as text too; 1 when absent. */
  readonly digits?: number;
}

/**
 * Counts 1, 2, 3 in the registry, for all processes; a creation that fails leaves its number out.
 *
 * @throws ConfigurationError
 */
export function sequenceIds({
  sequence = "tenants",
  digits = 1,
}: SequenceIdOptions = {}): IdGenerator {
  const isName = typeof sequence === "string" && /^[\w-]{1,64}$/.test(sequence);
  demand("sequenceIds.sequence", sequence, isName, "use 1 to 64 letters, digits, _ and -.");
  const isFine = Number.isInteger(digits) && digits >= 1 && digits <= 16;
  demand("sequenceIds.digits", digits, isFine, "give a whole number from 1 to 16.");
  return async ({ next }) => String(await next(sequence)).padStart(digits, "0");
}
