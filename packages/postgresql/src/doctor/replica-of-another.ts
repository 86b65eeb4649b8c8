import type { RunSql } from "@af-tenancy/database";
import type { PostgresqlCheck } from "./postgresql-patient.ts";

/** A standby of another server, such as one made from a copy, may bear the same markers and show other rows. */
export const replicaOfAnother: PostgresqlCheck = {
  id: "postgresql/replica-of-another",
  severity: "error",
  remedy:
    "Correct how the replica is reached: it follows another server than the one that lists it.",

  async look({ server, run, onPrimary }) {
    const own = await clusterOf(run);
    const followed = await onPrimary?.(clusterOf);
    if (!own.standby || own.id === followed?.id) return [];
    const message = `It is of the cluster ${own.id}, and its server of ${followed?.id}.`;
    return [{ subject: `replica "${server}"`, message }];
  },
};

interface Cluster {
  readonly id: string;
  readonly standby: boolean;
}

async function clusterOf(run: RunSql): Promise<Cluster> {
  const [row] = await run<Cluster>(
    "select system_identifier::text as id, pg_is_in_recovery() as standby from pg_control_system()",
  );
  return { id: String(row?.id), standby: row?.standby === true };
}
