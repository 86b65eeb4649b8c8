import { createHash } from "node:crypto";
import type { OutboxChange } from "./contracts/outbox.ts";
import type { TenantRecord } from "./contracts/tenant.ts";
import { InvalidInputError } from "./errors/registry-errors.ts";

/**
 * Gives what a registry keeps of a token that is to prove a domain, so that nobody who reads the registry can use it;
 * throws `InvalidInputError` for one that could be guessed.
 */
export function tokenHash(token: string): string {
  if (typeof token !== "string" || token.length < 16) {
    throw new InvalidInputError("token", "(hidden)", "use at least 16 random characters");
  }
  return createHash("sha256").update(token).digest("base64url");
}

/** Makes the outbox entry of a domain that was proved, which now leads to its tenant. */
export function domainProved(
  { id, slug, version }: Pick<TenantRecord, "id" | "slug" | "version">,
  name: string,
): OutboxChange {
  const payload = { slugs: [slug], domains: [name] };
  return { type: "domains.updated", tenantId: id, version, payload };
}

/** Makes the error of a domain that is not the tenant's. */
export function domainMissing(name: string): InvalidInputError {
  return new InvalidInputError("domain", name, "the tenant has no such domain");
}
