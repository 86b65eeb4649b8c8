import { readSecurity } from "../row-level-security.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Of permissive policies one is enough to let a row through. */
export const permissivePolicy: SharedRowsCheck = {
  id: "postgresql/permissive-policy",
  severity: "error",
  remedy: "Drop the policy and make it anew `as restrictive`.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const security = await readSecurity(run, rows.schema);
    return security.flatMap(({ name, others }) => {
      if (rows.tables.get(name) === undefined) return [];
      return others.map((policy) => ({
        subject: `table "${rows.schema}"."${name}"`,
        message: `Its policy "${policy}" lets more rows through than the tenant's own.`,
      }));
    });
  },
};
