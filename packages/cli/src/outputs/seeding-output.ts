import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

const failure = z.strictObject({ code: z.string(), message: z.string() });

/** What a run of seeders did to the fleet, or would do. */
export const seedingOutput = z.strictObject({
  dryRun: z.boolean(),
  /** `waiting`: it was not run to its end. */
  verdict: z.enum(["done", "failed", "waiting"]),
  /** What the tenants together had of each seeder, in the order in which they run. */
  seeders: z.array(
    z.strictObject({
      name: z.string(),
      /** In how many tenants it ran, or would run. */
      ran: z.int(),
      /** In how many it had run before. */
      had: z.int(),
      failed: z.int(),
      rows: z.int(),
      milliseconds: z.number(),
      /** The most memory that the process had while it ran. */
      peakRss: z.int(),
    }),
  ),
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      state: z.enum(["waiting", "done", "failed", "skipped", "gone"]),
      attempts: z.int(),
      seeders: z.array(
        z.strictObject({
          name: z.string(),
          /** `false` where the database had it already; in a dry run `true` where it would run. */
          ran: z.boolean(),
          rows: z.int(),
          /** The rows by table. */
          tables: z.record(z.string(), z.int()),
          milliseconds: z.number(),
          peakHeap: z.int(),
          peakRss: z.int(),
        }),
      ),
      error: failure.extend({ seeder: z.string().nullable() }).nullable(),
    }),
  ),
  cost: costOutput,
});

/** The seeders of an application, and how far tenants are. */
export const seedersOutput = z.strictObject({
  /** In the order in which they run. */
  seeders: z.array(z.string()),
  /** Those that were named; nobody where none was. */
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      seeders: z.array(
        z.strictObject({
          name: z.string(),
          /** When it had run to its end; `null` where it has not. */
          at: z.iso.datetime().nullable(),
          rows: z.int(),
        }),
      ),
      error: failure.nullable(),
    }),
  ),
});

export type SeedingOutput = z.infer<typeof seedingOutput>;
export type SeedersOutput = z.infer<typeof seedersOutput>;
