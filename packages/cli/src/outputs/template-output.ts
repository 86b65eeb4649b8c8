import { z } from "zod";

/** The finished databases that new ones are copied from. */
export const templatesOutput = z.strictObject({
  /** Nothing was made: `made` has what would be. */
  dryRun: z.boolean(),
  made: z.array(z.string()),
  templates: z.array(
    z.strictObject({
      driver: z.string(),
      server: z.string(),
      name: z.string(),
      /** New tenants of this application are copied from it. */
      current: z.boolean(),
      /** It is there; otherwise whoever makes the next tenant makes it. */
      exists: z.boolean(),
      /** The day on which it was used last. */
      usedOn: z.string().nullable(),
    }),
  ),
});

export type TemplatesOutput = z.infer<typeof templatesOutput>;
