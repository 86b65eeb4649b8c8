import { z } from "zod";

/** Why something failed for one of many. */
export const failureOutput = z.strictObject({
  code: z.string(),
  message: z.string(),
  /** What it was caused by, the nearest one first. */
  causes: z.array(z.string()),
});
