import { z } from "zod";
import { domainOutput } from "./tenant-output.ts";

/** What is known of a domain and the record that proves it. */
export const verifyOutput = z.strictObject({
  /** The domain was not verified, and no token kept. */
  dryRun: z.boolean(),
  tenant: z.string(),
  domain: domainOutput,
  /** Whether it is proved: it was before, is now, or would be. */
  verified: z.boolean(),
  /** What is to stand in DNS, where a token was made for it; it is told once. */
  record: z
    .strictObject({ name: z.string(), type: z.literal("TXT"), value: z.string() })
    .nullable(),
});

export type VerifyOutput = z.infer<typeof verifyOutput>;
