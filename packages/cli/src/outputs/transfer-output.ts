import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

/** What was exported, or would be. */
export const exportOutput = z.strictObject({
  /** Everything was read, and nothing written. */
  dryRun: z.boolean(),
  tenant: z.string(),
  /** The files that were written. */
  files: z.array(z.string()),
  /** How many rows, by entity. */
  rows: z.record(z.string(), z.int()),
  bytes: z.int(),
  cost: costOutput,
});

/** What was imported, or would be. */
export const importOutput = z.strictObject({
  /** Everything was done and taken back. */
  dryRun: z.boolean(),
  tenant: z.string(),
  /** How many rows, by entity. */
  rows: z.record(
    z.string(),
    z.strictObject({
      inserted: z.int(),
      updated: z.int(),
      skipped: z.int(),
      invalid: z.int(),
    }),
  ),
  /** How many rows could not be imported; `issues` has the first hundred. */
  invalid: z.int(),
  issues: z.array(
    z.strictObject({
      line: z.int(),
      entity: z.string().nullable(),
      column: z.string().nullable(),
      code: z.string(),
      message: z.string(),
    }),
  ),
  bytes: z.int(),
  cost: costOutput,
});

export type ExportOutput = z.infer<typeof exportOutput>;
export type ImportOutput = z.infer<typeof importOutput>;
