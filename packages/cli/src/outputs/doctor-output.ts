import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

/** What `doctor` found. */
export const doctorOutput = z.strictObject({
  /** Nothing was fixed: it says what `--fix` would do. */
  dryRun: z.boolean(),
  /** How many tenants' databases were looked at one by one. */
  tenants: z.int(),
  /** There are more than `--limit` let through. */
  more: z.boolean(),
  findings: z.array(
    z.strictObject({
      check: z.string(),
      severity: z.enum(["error", "warning"]),
      subject: z.string(),
      message: z.string(),
      remedy: z.string(),
      /** `possible`: `--fix` does it; `null` where nothing could be taken back. */
      fix: z
        .strictObject({
          does: z.string(),
          state: z.enum(["possible", "done", "failed"]),
          error: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  cost: costOutput,
});

export type DoctorOutput = z.infer<typeof doctorOutput>;
