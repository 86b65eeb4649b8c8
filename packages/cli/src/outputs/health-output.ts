import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

const status = z.enum(["healthy", "warning", "unhealthy"]);

/** How the application's registry, servers, databases, cache and machine are. */
export const healthOutput = z.strictObject({
  /** The worst of all checks. */
  status,
  at: z.iso.datetime(),
  checks: z.array(
    z.strictObject({
      check: z.enum([
        "application",
        "registry",
        "servers",
        "databases",
        "migrations",
        "cache",
        "storage",
        "memory",
      ]),
      /** Which server or folder; `null` where there is one alone. */
      subject: z.string().nullable(),
      status,
      message: z.string(),
      milliseconds: z.number(),
      /** Commands that tell more, or help. */
      actions: z.array(z.string()),
    }),
  ),
  /** How many tenants' databases were looked at. */
  tenants: z.int(),
  /** There are more than `--limit` let through. */
  more: z.boolean(),
  /** What became of the notification; `null` where nobody was to be told. */
  notification: z.strictObject({ sent: z.boolean(), error: z.string().nullable() }).nullable(),
  cost: costOutput,
});

export type HealthOutput = z.infer<typeof healthOutput>;
