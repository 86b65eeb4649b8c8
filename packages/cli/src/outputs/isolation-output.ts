import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

/** Whether two tenants that were made for it saw anything of each other. */
export const isolationOutput = z.strictObject({
  /** Nobody was made: it says what would be looked at. */
  dryRun: z.boolean(),
  /** Slugs of the two tenants; they are gone afterwards. */
  tenants: z.array(z.string()),
  surfaces: z.array(
    z.strictObject({
      surface: z.enum(["database", "cache", "routes", "session"]),
      /** `absent`: the application has none; `untested`: nothing was shown of it, so that nothing is known. */
      state: z.enum(["isolated", "leaking", "absent", "untested", "waiting"]),
      message: z.string(),
    }),
  ),
  cost: costOutput,
});

export type IsolationOutput = z.infer<typeof isolationOutput>;
