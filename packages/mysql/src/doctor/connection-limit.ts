import type { MysqlCheck } from "./mysql-patient.ts";

/** What the processes may open together has to be less than the server lets in. */
export const connectionLimit: MysqlCheck = {
  id: "mysql/connection-limit",
  severity: "error",
  remedy:
    "Lower maxConnections, run fewer processes, or raise max_connections or the user's MAX_USER_CONNECTIONS.",

  async look({ server, kind, user, grants, connections, processes, run }) {
    const [limits] = await run<{ readonly all: number; readonly own: number }>(
      "select @@global.max_connections as `all`, @@session.max_user_connections as `own`",
    );
    // With users of their own tenants do not count against the configured user's limit.
    const own = grants === undefined ? Number(limits?.own) : unlimited;
    const allowed = own === unlimited ? Number(limits?.all) : Math.min(Number(limits?.all), own);
    const managing = kind === "replica" ? 0 : managers;
    const needed = processes * (connections + managing);
    if (needed <= allowed) return [];
    const message =
      `${processes} × (${connections} connections for tenants and ${managing} for making and dropping them) need ` +
      `${needed}; "${user}" gets at most ${allowed}.`;
    return [{ subject: `server "${server}"`, message }];
  },
};

/** A manager holds one connection while it works, and one more to try a password. */
const managers = 2;

/** As the server says it. */
const unlimited = 0;
