import { literal } from "../quoted.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** A view reads with its owner's rights unless it is told otherwise, and a materialized one has no policies. */
export const viewOfOwner: SharedRowsCheck = {
  id: "postgresql/view-of-owner",
  severity: "error",
  remedy:
    "Run `alter view <view> set (security_invoker = true)`, which PostgreSQL knows since 15; move a materialized view out of the schema.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const views = await run<{ readonly name: string; readonly stored: boolean }>(
      "select c.relname as name, c.relkind = 'm' as stored from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
        `where n.nspname = ${literal(rows.schema)} and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(` +
        "c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false))) " +
        "order by 1",
    );
    return views.map(({ name, stored }) => ({
      subject: `view "${rows.schema}"."${name}"`,
      message: stored
        ? "It is materialized and holds the rows of all tenants."
        : "It reads with the rights of its owner.",
    }));
  },
};
