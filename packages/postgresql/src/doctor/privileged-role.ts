import { literal } from "../quoted.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Policies hold for no superuser, and for nobody with BYPASSRLS. */
export const privilegedRole: SharedRowsCheck = {
  id: "postgresql/privileged-role",
  severity: "error",
  remedy:
    "Let sharedRole name a role that is neither a superuser nor has BYPASSRLS, or take both from it.",

  async look({ rows, run }) {
    if (rows === undefined) return [];
    const [found] = await run<{ readonly super: boolean; readonly bypass: boolean }>(
      `select rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = ${literal(rows.role)}`,
    );
    const subject = `role "${rows.role}"`;
    return [
      ...(found?.super ? [{ subject, message: "It is a superuser." }] : []),
      ...(found?.bypass ? [{ subject, message: "It has BYPASSRLS." }] : []),
    ];
  },
};
