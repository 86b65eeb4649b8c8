import { loginOf, type PostgresqlCheck } from "./postgresql-patient.ts";

/** SQL that slips out of the tenants' role becomes the configured user again. */
export const privilegedLogin: PostgresqlCheck = {
  id: "postgresql/privileged-login",
  severity: "warning",
  remedy:
    "Connect as a user that owns the shared tables and is neither a superuser nor has BYPASSRLS.",

  async look(patient) {
    if (patient.rows === undefined) return [];
    const [found] = await patient.run<{ readonly free: boolean }>(
      "select rolsuper or rolbypassrls as free from pg_roles where rolname = current_user",
    );
    if (!found?.free) return [];
    const message = "No policy holds for it: it is a superuser or has BYPASSRLS.";
    return [{ subject: loginOf(patient), message }];
  },
};
