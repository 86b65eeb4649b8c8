import { z } from "zod";
import { costOutput } from "./tenant-output.ts";

const direction = z.enum(["up", "down", "fresh"]);

/** `done`: nothing is left to do; `failed`: some tenants could not be migrated; `waiting`: it was not run to its end. */
const verdict = z.enum(["done", "failed", "waiting"]);

/** How many tenants of a plan are how far. */
const countsOutput = z.strictObject({
  /** Needed nothing when the plan was made. */
  upToDate: z.int(),
  done: z.int(),
  waiting: z.int(),
  failed: z.int(),
  quarantined: z.int(),
  skipped: z.int(),
  gone: z.int(),
});

const failure = z.strictObject({ code: z.string(), message: z.string() });

/** What a plan did to the fleet, or would do. */
export const migrationOutput = z.strictObject({
  /** Nothing was migrated: `sql` has what would be sent. */
  dryRun: z.boolean(),
  /** The plan in the registry, which `migrate resume` takes; `null` in a dry run, and where nobody is meant. */
  plan: z.string().nullable(),
  direction,
  verdict,
  /** `null` in a dry run. */
  counts: countsOutput.nullable(),
  /** The wave after which the plan was stopped because too much failed. */
  stoppedAfter: z.int().nullable(),
  /** What the tenants together had of each migration. */
  migrations: z.array(
    z.strictObject({
      name: z.string(),
      done: z.int(),
      failed: z.int(),
      /** Of all tenants together. */
      milliseconds: z.number(),
      /** Of the tenant where it took longest. */
      longest: z.number(),
    }),
  ),
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      wave: z.int(),
      state: z.enum(["waiting", "done", "skipped", "failed", "quarantined", "gone"]),
      attempts: z.int(),
      /** How far its schema was. */
      before: z.string().nullable(),
      after: z.string().nullable(),
      milliseconds: z.number(),
      migrations: z.array(z.strictObject({ name: z.string(), milliseconds: z.number() })),
      error: failure
        .extend({ migration: z.string().nullable(), sql: z.string().nullable() })
        .nullable(),
    }),
  ),
  /** In a dry run what would be sent, once for all tenants that would get the same. */
  sql: z.array(
    z.strictObject({
      migrations: z.array(z.string()),
      /** `null` where that cannot be told without running them. */
      statements: z.array(z.string()).nullable(),
      tenants: z.array(z.string()),
      /** What kept a tenant's database from being looked into. */
      error: failure.nullable(),
    }),
  ),
  /** In a dry run of `migrate fresh`: names exactly these tenants as they are; its `--plan` takes it. */
  consent: z.string().nullable(),
  cost: costOutput,
});

/** How far the schemas of the fleet are. */
export const schemasOutput = z.strictObject({
  /** As the registry says. */
  upToDate: z.int(),
  /** Those that lack what this application needs. */
  behind: z.int(),
  schemas: z.array(
    z.strictObject({
      driver: z.string(),
      strategy: z.string(),
      /** `null` before the first migration. */
      version: z.string().nullable(),
      tenants: z.int(),
    }),
  ),
  /** The latest plans, newest first. */
  plans: z.array(
    z.strictObject({
      plan: z.string(),
      direction,
      createdAt: z.iso.datetime(),
      actor: z.string().nullable(),
      verdict,
      counts: countsOutput,
    }),
  ),
  /** What the databases say of those that were looked into. */
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      version: z.string().nullable(),
      applied: z.array(z.strictObject({ name: z.string(), at: z.iso.datetime() })),
      pending: z.array(z.string()),
      /** One that was cut off half-way, where the engine cannot take DDL back. */
      dirty: z.string().nullable(),
      error: failure.nullable(),
    }),
  ),
});

/** A file that was written, or would be. */
export const fileOutput = z.strictObject({
  dryRun: z.boolean(),
  path: z.string(),
  text: z.string(),
});

export type FileOutput = z.infer<typeof fileOutput>;
export type MigrationOutput = z.infer<typeof migrationOutput>;
export type SchemasOutput = z.infer<typeof schemasOutput>;
