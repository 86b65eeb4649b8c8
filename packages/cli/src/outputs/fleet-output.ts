import { z } from "zod";
import { failureOutput } from "./failure-output.ts";
import { costOutput, jsonValue } from "./tenant-output.ts";

/** One thing that happened in a tenant's turn. */
const debugStep = z.strictObject({
  /** Milliseconds after the turn began. */
  at: z.number(),
  /** The diagnostics channel that told it; `error` and `cause` are what the turn ended with. */
  kind: z.string(),
  name: z.string(),
  /** How long it took; `null` where that is not told, and for what never ended. */
  milliseconds: z.number().nullable(),
  /** By how much the heap had grown since the turn began. */
  heapBytes: z.int(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

/** What became of each tenant of a command that takes many. */
export const fleetOutput = z.strictObject({
  /** Nothing was done: it says whose turn it would be. */
  dryRun: z.boolean(),
  tenants: z.array(
    z.strictObject({
      tenant: z.string(),
      /** `waiting`: it was not its turn, because another one had failed, or in a dry run. */
      state: z.enum(["done", "failed", "waiting"]),
      milliseconds: z.number(),
      /** By how much the heap grew in its turn, or shrank. */
      heapBytes: z.int(),
      error: failureOutput.nullable(),
      /** What was given back for it. */
      result: jsonValue,
      /** With `--debug`: what happened, in order. */
      steps: z.array(debugStep).optional(),
    }),
  ),
  cost: costOutput,
});

/** What was done to the pool of pending tenants. */
export const stockOutput = z.strictObject({
  dryRun: z.boolean(),
  /** How many were there before. */
  before: z.int(),
  /** How many there are now, or would be. */
  after: z.int(),
  /** Ids of those that were made. */
  made: z.array(z.string()),
  /** Ids of those that were removed, or would be. */
  cleared: z.array(z.string()),
  failed: z.array(failureOutput.extend({ tenant: z.string() })),
  cost: costOutput,
});

export type FleetOutput = z.infer<typeof fleetOutput>;
export type StockOutput = z.infer<typeof stockOutput>;
