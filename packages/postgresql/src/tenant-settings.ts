import { literal, quoted } from "./quoted.ts";

/** The variable that row-level security policies compare with a row's tenant. */
export const tenantVariable = "app.tenant";

/**
 * SQL that shows a tenant its own schema, and optionally takes a role, until the end of the transaction. Temporary
 * tables come last, so that none of them hides a table of the tenant's.
 */
export function schemaSettings(schema: string, role?: string): string {
  return [`set local search_path to ${quoted(schema)}, pg_temp`, ...roleSetting(role)].join(";");
}

/**
 * SQL that names the tenant whose rows are seen in the shared tables of a schema, until the end of the transaction. One
 * statement sets all, because it goes before every other.
 */
export function rowSettings(tenantId: string, schema: string, role?: string): string {
  const settings = [
    [tenantVariable, tenantId],
    ["search_path", `${quoted(schema)}, pg_temp`],
    ...(role === undefined ? [] : [["role", role]]),
  ];
  const calls = settings.map(
    ([name = "", value = ""]) => `set_config(${literal(name)}, ${literal(value)}, true)`,
  );
  return `select ${calls.join(", ")}`;
}

function roleSetting(role: string | undefined): readonly string[] {
  return role === undefined ? [] : [`set local role ${quoted(role)}`];
}
