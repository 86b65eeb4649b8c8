import { z } from "zod";
import { failureOutput } from "./failure-output.ts";
import { costOutput, jsonValue, tenantOutput } from "./tenant-output.ts";

/** What a command changed, or would change. */
export const changeOutput = z.strictObject({
  /** Nothing was changed: the changes are what would be. */
  dryRun: z.boolean(),
  /** Those concerned, as they are now. */
  tenants: z.array(tenantOutput),
  changes: z.array(
    z.strictObject({
      tenant: z.string(),
      what: z.string(),
      from: jsonValue,
      to: jsonValue,
    }),
  ),
  /** What was done one after the other, where that is journalled. */
  steps: z.array(z.strictObject({ step: z.string(), milliseconds: z.number() })),
  cost: costOutput,
});

/** What a purge did, or would do. */
export const purgeOutput = z.strictObject({
  dryRun: z.boolean(),
  /** Names exactly these tenants in exactly this state; `--plan` takes it. */
  plan: z.string(),
  tenants: z.array(tenantOutput),
  purged: z.array(z.string()),
  failed: z.array(failureOutput.extend({ tenant: z.string() })),
  cost: costOutput,
});

export type ChangeOutput = z.infer<typeof changeOutput>;
export type PurgeOutput = z.infer<typeof purgeOutput>;
