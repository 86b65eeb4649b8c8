import { z } from "zod";

/** What an installation wrote and added, or would. */
export const installOutput = z.strictObject({
  dryRun: z.boolean(),
  folder: z.string(),
  framework: z.enum(["express", "koa", "fastify"]),
  driver: z.enum(["sqlite", "postgresql", "mysql"]),
  /** `null` where nothing is installed and none is known. */
  packageManager: z.enum(["npm", "pnpm"]).nullable(),
  /** The files that were not there before. */
  files: z.array(z.string()),
  /** What `package.json` got. */
  packages: z.array(
    z.strictObject({
      name: z.string(),
      range: z.string(),
      kind: z.enum(["dependencies", "devDependencies"]),
    }),
  ),
  /** Whether the packages were installed, and the configuration loaded with them. */
  installed: z.boolean(),
  steps: z.array(z.strictObject({ step: z.string(), milliseconds: z.number() })),
  /** What to do next, one command after the other. */
  next: z.array(z.string()),
});

export type InstallOutput = z.infer<typeof installOutput>;
