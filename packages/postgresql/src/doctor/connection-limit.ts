import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** What the processes may open together has to be less than the server lets in. */
export const connectionLimit: PostgresqlCheck = {
  id: "postgresql/connection-limit",
  severity: "error",
  remedy:
    "Lower maxConnections, run fewer processes, raise max_connections or the CONNECTION LIMIT, or put a pooler in between and say so.",

  async look({ server, address, budget: { connections }, processes, run, onPrimary }) {
    if (address.pooler) return [];
    const [limits] = await run<Limits>(sql);
    const allowed = Number(limits?.allowed);
    const managing = onPrimary === undefined ? managers : 0;
    const needed = processes * (connections + managing);
    if (needed <= allowed) return [];
    const message =
      `${processes} × (${connections} connections for tenants and ${managing} for making and dropping them) need ` +
      `${needed}; "${address.user}" gets at most ${allowed}.`;
    return [{ subject: `server "${server}"`, message }];
  },
};

/** A manager works on two databases at a time, and never on a replica. */
const managers = 2;

interface Limits {
  readonly allowed: string | number;
}

/** The least of the server's limit and the user's; some places are kept for superusers, in newer servers for others too. */
const sql =
  "select least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int " +
  "- coalesce(current_setting('reserved_connections', true), '0')::int, " +
  "nullif(rolconnlimit, -1)) as allowed from pg_roles where rolname = current_user";
