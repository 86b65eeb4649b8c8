import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

/** What lies in Redis for all processes. */
const sharedSize = z.strictObject({ tenants: z.int(), references: z.int() });

/** What `cache warm` read and wrote. */
export const warmOutput = z.strictObject({
  /** Nothing was read: it says what lies there now. */
  dryRun: z.boolean(),
  /** What lay there was removed before. */
  cleared: z.boolean(),
  /** Active tenants that were read and written into Redis. */
  tenants: z.int(),
  /** Their slugs and verified domains. */
  references: z.int(),
  milliseconds: z.number(),
  /** What lies in Redis now; `null` unless `--stats` or `--dry-run` asks for it. */
  shared: sharedSize.nullable(),
  cost: costOutput,
});

/** What `cache stats` can know from outside the application's processes. */
export const cacheOutput = z.strictObject({
  /** Look-ups that all processes share through Redis; `null` where the application has no such store. */
  shared: z
    .strictObject({
      state: z.enum(["up", "down", "open"]),
      /** `null` where Redis does not answer. */
      size: sharedSize.nullable(),
      /** How long it took to count. */
      milliseconds: z.number(),
    })
    .nullable(),
  cost: costOutput,
});

export type WarmOutput = z.infer<typeof warmOutput>;
export type CacheOutput = z.infer<typeof cacheOutput>;
