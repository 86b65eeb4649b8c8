import { literal } from "../quoted.ts";
import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** PostgreSQL lets everybody into every new database, and so each tenant's user into the others'. */
export const publicConnect: PostgresqlCheck = {
  id: "postgresql/public-connect",
  severity: "error",
  remedy:
    "Run `revoke all on database <database> from public`, then grant CONNECT to its tenant's user.",

  async look({ tenants, run }) {
    const names = tenants
      .filter(({ placement, user }) => placement.strategy === "database" && user !== undefined)
      .map(({ placement }) => placement.name);
    if (names.length === 0) return [];
    const open = await run<{ readonly datname: string }>(
      `select datname from pg_database where datname in (${names.map(literal).join(", ")}) ` +
        "and has_database_privilege('public', oid, 'CONNECT') order by datname",
    );
    const message = "PUBLIC has CONNECT on it.";
    return open.map(({ datname }) => ({ subject: `database "${datname}"`, message }));
  },
};
