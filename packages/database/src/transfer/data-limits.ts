import { InvalidInputError } from "@af-tenancy/core";
import { isCount } from "../connection/check-count.ts";

/** What every call that goes on for long takes. */
export interface LongCall {
  /** Ends the call, which throws its reason. */
  readonly signal?: AbortSignal;
  /** Told after each page or batch; the next one waits for what it returns. */
  readonly onProgress?: (progress: DataProgress) => void | Promise<void>;
}

/** How far a call has come. */
export interface DataProgress {
  readonly rows: number;
  /** Bytes of the file; 0 where there is none. */
  readonly bytes: number;
}

/** What a call may be told by a word or a number. */
export interface GivenLimits {
  readonly format?: unknown;
  readonly onConflict?: unknown;
  readonly onInvalid?: unknown;
  readonly maxRows?: unknown;
  readonly maxLineBytes?: unknown;
  readonly batch?: unknown;
}

/** Throws `InvalidInputError` for a word that there is not, or a limit that is none. */
export function checkLimits(given: GivenLimits): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const words = choices[name as keyof typeof choices];
    if (words?.includes(String(value))) continue;
    if (words !== undefined) {
      throw new InvalidInputError(name, String(value), `use one of ${words.join(", ")}`);
    }
    if (isCount(value)) continue;
    throw new InvalidInputError(name, String(value), "give a whole number above 0");
  }
}

const choices: Readonly<Record<string, readonly string[]>> = Object.freeze({
  format: ["jsonl", "csv"],
  onConflict: ["fail", "skip", "update"],
  onInvalid: ["stop", "skip"],
});
