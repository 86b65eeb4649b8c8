import { UnscopedSqlError } from "@af-tenancy/database";

/**
 * Throws `UnscopedSqlError` for a statement that could say to be another tenant, or somebody to whom policies do not
 * apply. What a text builds and runs inside the server is not seen.
 */
export function checkRowStatement(sql: string): void {
  const found = changing.exec(sql);
  if (found !== null) throw new UnscopedSqlError(`"${found[0]}" in shared tables`);
}

const changing =
  /\bset_config\b|\bapp\s*\.\s*tenant\b|"app"\."tenant"|\b(?:set|reset)\s+(?:(?:local|session)\s+)?(?:role|session\s+authorization)\b|\breset\s+all\b|\bdiscard\b/i;
