import { loginOf, type PostgresqlCheck } from "./postgresql-patient.ts";

/** On a connection that tenants share, a statement that does not say whose it is must find no table. */
export const loginSearchPath: PostgresqlCheck = {
  id: "postgresql/login-search-path",
  severity: "error",
  remedy:
    "Run `alter role <user> set search_path = ''`, and remove the setting from the database; behind a pooler nothing else sets it.",

  async look(patient) {
    if (!patient.strategies.has("schema") && !patient.strategies.has("row")) return [];
    const [row] = await patient.run<{ readonly path: string }>(
      "select current_setting('search_path') as path",
    );
    const path = row?.path ?? "";
    if (path === "" || path === '""') return [];
    const message = `Its sessions begin with the search_path ${path}.`;
    return [{ subject: loginOf(patient), message }];
  },
};
