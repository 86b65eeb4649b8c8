import type { KeyRing } from "@af-tenancy/core";

/** A user of the database server that belongs to one tenant. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What the key ring derives the key from; also names the need in `KeysRequiredError`. */
export const credentialsPurpose = "database-credentials";

/** Encrypts a tenant's credentials for its placement's `secret`; only the same tenant's placement can read them. */
export function sealCredentials(
  keys: KeyRing,
  tenantId: string,
  { user, password }: Credentials,
): string {
  return keys.encrypt(credentialsPurpose, JSON.stringify({ user, password }), tenantId);
}

/** Reads what `sealCredentials` made; throws `DecryptionError` for another tenant's or a foreign key's. */
export function openCredentials(keys: KeyRing, tenantId: string, secret: string): Credentials {
  return JSON.parse(keys.decrypt(credentialsPurpose, secret, tenantId)) as Credentials;
}
