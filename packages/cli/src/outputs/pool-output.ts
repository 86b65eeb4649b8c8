import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

const count = z.int().min(0);

/** How connections to one server are used, as `db.stats()` tells it; what it tells besides is left out. */
export const poolOfServer = z.object({
  driver: z.string(),
  server: z.string(),
  limit: count,
  open: count,
  opening: count,
  closing: count,
  leased: count,
  waiting: count,
  leases: count,
  opened: count,
  reuse: z.number(),
  exhausted: count,
  tenants: z.array(
    z.object({
      tenantId: z.string(),
      open: count,
      leased: count,
      waiting: count,
      leases: count,
      opened: count,
    }),
  ),
  failing: z.array(
    z.object({
      tenantId: z.string(),
      name: z.string(),
      breaker: z.enum(["closed", "open", "half-open"]),
    }),
  ),
});

/** What processes of the application say of their connections. */
export const poolOutput = z.strictObject({
  processes: z.array(
    z.strictObject({
      url: z.string(),
      servers: z.array(poolOfServer),
      /** Why nothing is known of it. */
      error: z.string().nullable(),
    }),
  ),
  cost: costOutput,
});

export type PoolOutput = z.infer<typeof poolOutput>;
