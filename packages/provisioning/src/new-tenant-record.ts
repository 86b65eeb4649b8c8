import {
  ConfigurationError,
  type NewTenant,
  type Placement,
  type TenantRecord,
} from "@af-tenancy/core";
import { textRules } from "./checked-text.ts";
import type { Workplace } from "./workplace.ts";

/** Makes the first version of a tenant and chooses where its data will live; nothing is written yet. */
export async function newTenantRecord(
  workplace: Workplace,
  input: NewTenant,
  place: (id: string) => Placement | undefined = (id) => wishedPlace(workplace, input, id),
): Promise<TenantRecord> {
  const { clock, actor } = workplace;
  const { id = await newId(workplace), slug, name = slug, plan, metadata = {} } = input;
  const now = clock.now();
  return {
    id,
    slug,
    name,
    status: "provisioning",
    version: 1,
    placement: place(id),
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

function wishedPlace(
  { databases }: Workplace,
  { database, placement }: NewTenant,
  id: string,
): Placement | undefined {
  return database === false ? undefined : databases.place(id, 1, placement);
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
