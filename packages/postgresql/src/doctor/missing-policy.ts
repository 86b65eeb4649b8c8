import { readSecurity } from "../row-level-security.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Without a policy, or with policies switched off, everybody sees every row of a shared table. */
export const missingPolicy: SharedRowsCheck = {
  id: "postgresql/missing-policy",
  severity: "error",
  remedy: "Run db.migrate() for any tenant with the strategy row: it makes what is missing.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const security = await readSecurity(run, rows.schema);
    return security.flatMap(({ name, enabled, hash }) => {
      if (rows.tables.get(name) === undefined || (enabled && hash !== null)) return [];
      const message = enabled
        ? "It has no policy of its tenants."
        : "It has no row-level security.";
      return [{ subject: `table "${rows.schema}"."${name}"`, message }];
    });
  },
};
