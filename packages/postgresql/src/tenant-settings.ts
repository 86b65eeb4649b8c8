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

/** SQL that names the tenant whose rows are seen in the shared tables of a schema, until the end of the transaction. */
export function rowSettings(tenantId: string, schema: string, role?: string): string {
  const variable = `select set_config('${tenantVariable}', ${literal(tenantId)}, true)`;
  return [variable, schemaSettings(schema, role)].join(";");
}

function roleSetting(role: string | undefined): readonly string[] {
  return role === undefined ? [] : [`set local role ${quoted(role)}`];
}
