import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** What can be written to by others may hold anything, and follows nobody or only in part. */
export const replicaWritable: PostgresqlCheck = {
  id: "postgresql/replica-writable",
  severity: "warning",
  remedy:
    "Name a standby of the server in `replicas`; one that follows by logical replication must hold every tenant's tables and marker.",

  async look({ server, run }) {
    const [row] = await run<{ readonly standby: boolean }>("select pg_is_in_recovery() as standby");
    if (row?.standby === true) return [];
    const message =
      "It is no standby: it can be written to, and follows the server in part or not at all.";
    return [{ subject: `replica "${server}"`, message }];
  },
};
