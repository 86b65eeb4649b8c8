import { literal } from "../quoted.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Whoever owns a table may switch its policies off, and is not held to them unless they are forced. */
export const ownedTable: SharedRowsCheck = {
  id: "postgresql/owned-table",
  severity: "error",
  remedy: "Run `alter table <table> owner to <user>` with the user that makes the tables.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const owned = await run<{ readonly name: string }>(
      "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
        `join pg_roles r on r.rolname = ${literal(rows.role)} and not r.rolsuper ` +
        `where n.nspname = ${literal(rows.schema)} and c.relkind in ('r', 'p') ` +
        "and pg_has_role(r.oid, c.relowner, 'member') order by 1",
    );
    const message = `The role "${rows.role}", which serves tenants, owns the table.`;
    return owned.map(({ name }) => ({ subject: `table "${rows.schema}"."${name}"`, message }));
  },
};
