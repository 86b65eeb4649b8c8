import { InvalidInputError } from "./errors/registry-errors.ts";

/**
 * Throws `InvalidInputError`, which does not show it, for a secret that no key ring made: sealed texts begin with their
 * version, such as `v1.`.
 */
export function assertSealed(field: string, secret: string | undefined): void {
  if (secret === undefined || /^v[0-9]+\.[\w.-]+$/.test(secret)) return;
  throw new InvalidInputError(
    field,
    "plain text",
    "encrypt it with the key ring before it is stored",
  );
}
