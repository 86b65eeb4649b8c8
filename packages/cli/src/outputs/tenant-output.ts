import { z } from "zod";

/** A time, in ISO 8601. */
const time = z.iso.datetime();

/** Whatever an application keeps. */
export const jsonValue = z.json();

/** A tenant as `--json` prints it; nothing secret stands in it. */
export const tenantOutput = z.strictObject({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  status: z.string(),
  access: z.string(),
  plan: z.string().nullable(),
  homepage: z.boolean(),
  metadata: z.record(z.string(), jsonValue),
  placement: z
    .strictObject({
      driver: z.string(),
      strategy: z.string(),
      server: z.string(),
      name: z.string(),
      generation: z.int(),
    })
    .nullable(),
  schemaVersion: z.string().nullable(),
  maintenance: z
    .strictObject({
      message: z.string(),
      retryAfter: z.number(),
      from: time.nullable(),
      until: time.nullable(),
    })
    .nullable(),
  expiresAt: time.nullable(),
  suspendedAt: time.nullable(),
  deletedAt: time.nullable(),
  graceUntil: time.nullable(),
  formerStatus: z.string().nullable(),
  createdAt: time,
  createdBy: z.string().nullable(),
  updatedAt: time,
  updatedBy: z.string().nullable(),
  lastAccessedAt: time.nullable(),
  version: z.int(),
});

/** A domain of a tenant. */
export const domainOutput = z.strictObject({
  name: z.string(),
  primary: z.boolean(),
  verifiedAt: time.nullable(),
});

/** How long something took, by how much the heap grew meanwhile, and what the process has in memory after it. */
export const costOutput = z.strictObject({
  milliseconds: z.number(),
  heapBytes: z.int(),
  residentBytes: z.int(),
});

export type TenantOutput = z.infer<typeof tenantOutput>;
export type DomainOutput = z.infer<typeof domainOutput>;
export type CostOutput = z.infer<typeof costOutput>;
