import { readSecurity } from "../row-level-security.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** The owner of a table is held to its policies only where they are forced. */
export const unforcedPolicy: SharedRowsCheck = {
  id: "postgresql/unforced-policy",
  severity: "error",
  remedy:
    "Run `alter table <table> force row level security`, or db.migrate() for any tenant with the strategy row.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const security = await readSecurity(run, rows.schema);
    return security
      .filter(({ name, forced }) => rows.tables.get(name) !== undefined && !forced)
      .map(({ name }) => ({
        subject: `table "${rows.schema}"."${name}"`,
        message: "Its policies are not forced, so that its owner reads past them.",
      }));
  },
};
