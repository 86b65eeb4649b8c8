import { z } from "zod";
import { jsonValue } from "./tenant-output.ts";

/** What became of each step by which an application starts. */
export const configCheckOutput = z.strictObject({
  ok: z.boolean(),
  /** The configuration; `null` where none was found. */
  config: z.string().nullable(),
  steps: z.array(
    z.strictObject({
      step: z.enum(["find", "load", "compose", "start", "registry"]),
      /** `skipped`: a step before it failed. */
      state: z.enum(["passed", "failed", "skipped"]),
      milliseconds: z.number(),
      error: z
        .strictObject({
          code: z.string(),
          message: z.string(),
          causes: z.array(z.string()),
          remedy: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
});

/** The options of an application, with what holds where it says nothing. */
export const configShowOutput = z.strictObject({
  config: z.string(),
  options: z.array(
    z.strictObject({
      option: z.string(),
      /** Parts are told by what they are called; functions and secrets are not told. */
      value: jsonValue,
      source: z.enum(["configuration", "default"]),
    }),
  ),
});

export type ConfigCheckOutput = z.infer<typeof configCheckOutput>;
export type ConfigShowOutput = z.infer<typeof configShowOutput>;
