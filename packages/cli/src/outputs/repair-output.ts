import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

const operation = z.strictObject({
  id: z.string(),
  /** Its slug, or its id where it is gone. */
  tenant: z.string(),
  kind: z.string(),
  state: z.string(),
  /** Steps that are done, in order. */
  done: z.array(z.string()),
  error: z.string().nullable(),
});

/** What a repair did, or would do. */
export const repairOutput = z.strictObject({
  dryRun: z.boolean(),
  /** Operations that were finished or discarded; in a dry run those that nobody works on. */
  finished: z.array(operation),
  /** Operations that stay unfinished. */
  failed: z.array(operation),
  /** Databases that were dropped because their generation is over. */
  swept: z.array(
    z.strictObject({
      driver: z.string(),
      server: z.string(),
      name: z.string(),
      generation: z.int(),
    }),
  ),
  cost: costOutput,
});

export type RepairOutput = z.infer<typeof repairOutput>;
