import { z } from "zod";
import { domainOutput, tenantOutput } from "./tenant-output.ts";

/** One tenant and what belongs to it. */
export const showOutput = z.strictObject({
  tenant: tenantOutput,
  domains: z.array(domainOutput),
  /** The latest entries of the audit trail. */
  history: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      action: z.string(),
      actor: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

/** The domains of a tenant. */
export const domainsOutput = z.strictObject({
  tenant: z.string(),
  domains: z.array(domainOutput),
});

/** A list of tenants. */
export const listOutput = z.strictObject({
  tenants: z.array(tenantOutput),
  /** There are more than `--limit` let through. */
  more: z.boolean(),
});

/** What a request of a tenant would get now. */
export const statusOutput = z.strictObject({
  tenant: tenantOutput,
  served: z.boolean(),
  /** The error that requests get; `null` while they are served. */
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** What can be done with it by calls of `tenancy.tenants`, by name of the move, and what it becomes. */
  moves: z.array(z.strictObject({ move: z.string(), to: z.string() })),
  /** The commands that do something with it, as they are typed, and what it becomes. */
  commands: z.array(z.strictObject({ command: z.string(), to: z.string() })),
  /** What is unfinished: kind, state and steps that are done. */
  operation: z
    .strictObject({
      id: z.string(),
      kind: z.string(),
      state: z.string(),
      done: z.array(z.string()),
      error: z.string().nullable(),
    })
    .nullable(),
});

export type ShowOutput = z.infer<typeof showOutput>;
export type DomainsOutput = z.infer<typeof domainsOutput>;
export type ListOutput = z.infer<typeof listOutput>;
export type StatusOutput = z.infer<typeof statusOutput>;
