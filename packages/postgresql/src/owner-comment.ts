import type { DatabaseOwner } from "@af-tenancy/core";

/**
 * What a database or user says of its owner in its comment, which the server shows without a connection to the database.
 * It stands in for the marker where that cannot be read: in a database that is half dropped, and at users.
 */
export function ownerComment({ tenantId, generation }: DatabaseOwner): string {
  return `af-tenancy: ${JSON.stringify([tenantId, generation])}`;
}

/** Reads what `ownerComment` made; `undefined` for any other text. */
export function readOwnerComment(comment: string | null): DatabaseOwner | undefined {
  const found = /^af-tenancy: \["([\w-]+)",(\d+)\]$/.exec(comment ?? "");
  const [, tenantId, generation] = found ?? [];
  if (tenantId === undefined) return undefined;
  return Object.freeze({ tenantId, generation: Number(generation) });
}
