import { ConfigurationError, type NewTenant, type TenantRecord } from "@af-tenancy/core";
import { textRules } from "./checked-text.ts";
import type { Workplace } from "./workplace.ts";

/** Makes the first version of a tenant and chooses where its data will live; nothing is written yet. */
export async function newTenantRecord(
  workplace: Workplace,
  input: NewTenant,
): Promise<TenantRecord> {
  const { clock, databases, actor } = workplace;
  const { id = await newId(workplace), slug, name = slug, plan, metadata = {}, placement } = input;
  const now = clock.now();
  return {
    id,
    slug,
    name,
    status: "provisioning",
    version: 1,
    placement: input.database === false ? undefined : databases.place(id, 1, placement),
    maintenance: undefined,
    expiresAt: undefined,
    access: "read-write",
    plan,
    metadata,
    homepage: input.homepage ?? false,
    schemaVersion: undefined,
    suspendedAt: undefined,
    deletedAt: undefined,
    graceUntil: undefined,
    formerStatus: undefined,
    createdAt: now,
    createdBy: actor(),
    updatedAt: now,
    updatedBy: actor(),
    lastAccessedAt: undefined,
  };
}

async function newId({ generateId }: Workplace): Promise<string> {
  const id: unknown = await generateId();
  if (typeof id === "string" && textRules.id.pattern.test(id)) return id;
  throw new ConfigurationError(
    "provisioning.generateId",
    `a function that gave ${JSON.stringify(id)}`,
    `${textRules.id.rule}.`,
  );
}
