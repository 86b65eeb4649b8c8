import { tenantVariable } from "../tenant-settings.ts";
import { loginOf, type PostgresqlCheck } from "./postgresql-patient.ts";

/** A statement that does not say whose it is must see nobody's rows, and not those of one tenant. */
export const loginTenantVariable: PostgresqlCheck = {
  id: "postgresql/login-tenant-variable",
  severity: "error",
  remedy: "Run `alter role <user> reset app.tenant`, and remove the setting from the database too.",

  async look(patient) {
    if (patient.rows === undefined) return [];
    const [row] = await patient.run<{ readonly tenant: string | null }>(
      `select current_setting('${tenantVariable}', true) as tenant`,
    );
    if (!row?.tenant) return [];
    const message = `Its sessions begin as the tenant "${row.tenant}".`;
    return [{ subject: loginOf(patient), message }];
  },
};
