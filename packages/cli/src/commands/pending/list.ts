import type { TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { whole } from "../../command/flags.ts";
import type { ListOutput } from "../../outputs/read-outputs.ts";
import { describeTenant } from "../../tenants/describe-tenant.ts";

/** `tenant pending list`: lists the pool of pending tenants. */
export const pendingList = defineCommand({
  path: "tenant pending list",
  kind: "reads",
  arguments: {},
  flags: { limit: whole("NUMBER", 1) },
  examples: ["tenant pending list", "tenant pending list --json"],
  exits: [0, 1, 2, 130],
  output: "tenants",
  texts: {
    en: {
      brief: "Lists the tenants that wait to be pulled",
      arguments: {},
      flags: { limit: "How many at most; 1000 when absent" },
      columns: { id: "Id", slug: "Slug", created: "Made", schema: "Schema" },
      nobody: "The pool is empty.",
      more: "There are more: raise --limit.",
    },
    de: {
      brief: "Listet die Mandanten auf, die im Vorrat liegen",
      arguments: {},
      flags: { limit: "Wie viele höchstens; ohne Angabe 1000" },
      columns: { id: "Id", slug: "Kürzel", created: "Angelegt", schema: "Schema" },
      nobody: "Der Vorrat ist leer.",
      more: "Es gibt mehr: --limit erhöhen.",
    },
  },
  async run(session, { limit = 1_000 }) {
    const { texts } = session;
    const { tenancy } = await session.application();
    const found: TenantRecord[] = [];
    const filter = { statuses: ["pending"], limit: limit + 1 } as const;
    for await (const tenant of tenancy.store.list(filter)) found.push(tenant);
    const tenants = found.slice(0, limit).map(describeTenant);
    const value: ListOutput = { tenants, more: found.length > limit };
    const { columns } = texts;
    return {
      value,
      quiet: tenants.map(({ id }) => id),
      show(print) {
        if (tenants.length === 0) print.line(texts.nobody, "dim");
        print.rows(
          tenants.map(({ id, slug, createdAt, schemaVersion }) => ({
            [columns.id]: id,
            [columns.slug]: slug,
            [columns.created]: createdAt,
            [columns.schema]: schemaVersion ?? "",
          })),
        );
        if (value.more) print.line(texts.more, "yellow");
      },
    };
  },
});
