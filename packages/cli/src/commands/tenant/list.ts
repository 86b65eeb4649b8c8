import type { TenantRecord, TenantStatus } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { list, on, text, whole } from "../../command/flags.ts";
import type { ListOutput } from "../../outputs/read-outputs.ts";
import { describeTenant } from "../../tenants/describe-tenant.ts";

/** `tenant list`: shows tenants, those that are deleted or pending only where they are asked for. */
export const tenantList = defineCommand({
  path: "tenant list",
  kind: "reads",
  arguments: {},
  flags: {
    status: list("STATUS,..."),
    all: on("a"),
    plan: text("NAME"),
    search: text("TEXT"),
    limit: whole("NUMBER", 1),
  },
  examples: [
    "tenant list",
    "tenant list --status suspended,blocked --json",
    "tenant list --search acme --quiet",
  ],
  exits: [0, 1, 2, 130],
  output: "tenants",
  texts: {
    en: {
      brief: "Lists tenants",
      description: "Pending and deleted ones are left out unless --status or --all names them.",
      arguments: {},
      flags: {
        status: "Only those in one of these statuses",
        all: "Those in every status",
        plan: "Only those with this plan",
        search: "Only those whose slug or name has this text in it",
        limit: "How many at most; 1000 when absent",
      },
      unknownStatus: (status: string, known: string) =>
        `There is no status "${status}": give some of ${known}.`,
      columns: {
        slug: "Slug",
        name: "Name",
        status: "Status",
        plan: "Plan",
        id: "Id",
        created: "Created",
      },
      nobody: "There is no such tenant.",
      more: "There are more: raise --limit, or narrow the search.",
    },
    de: {
      brief: "Listet Mandanten auf",
      description:
        "Die im Vorrat und die gelöschten fehlen, wenn --status oder --all sie nicht nennt.",
      arguments: {},
      flags: {
        status: "Nur die in einem dieser Zustände",
        all: "Die in jedem Zustand",
        plan: "Nur die mit diesem Tarif",
        search: "Nur die, deren Kürzel oder Name diesen Text enthält",
        limit: "Wie viele höchstens; ohne Angabe 1000",
      },
      unknownStatus: (status: string, known: string) =>
        `Es gibt keinen Zustand „${status}“: welche von ${known} angeben.`,
      columns: {
        slug: "Kürzel",
        name: "Name",
        status: "Zustand",
        plan: "Tarif",
        id: "Id",
        created: "Angelegt",
      },
      nobody: "Solch einen Mandanten gibt es nicht.",
      more: "Es gibt mehr: --limit erhöhen oder genauer suchen.",
    },
  },
  async run(session, { status, all, plan, search, limit = 1_000 }) {
    const { texts, refuse } = session;
    const wrong = status?.find((one) => !(statuses as readonly string[]).includes(one));
    if (wrong !== undefined) refuse(texts.unknownStatus(wrong, statuses.join(", ")));
    const { tenancy } = await session.application();
    const wanted = all ? statuses : (status as readonly TenantStatus[] | undefined);
    const found: TenantRecord[] = [];
    const needle = search?.toLowerCase();
    for await (const tenant of tenancy.store.list(wanted && { statuses: wanted })) {
      if (plan !== undefined && tenant.plan !== plan) continue;
      const names = `${tenant.slug} ${tenant.name}`.toLowerCase();
      if (needle !== undefined && !names.includes(needle)) continue;
      found.push(tenant);
      if (found.length > limit) break;
    }
    const shown = found.slice(0, limit);
    const value: ListOutput = {
      tenants: shown.map(describeTenant),
      more: found.length > shown.length,
    };
    const { columns } = texts;
    return {
      value,
      quiet: shown.map(({ slug }) => slug),
      show(print) {
        if (shown.length === 0) print.line(texts.nobody, "dim");
        print.rows(
          value.tenants.map((tenant) => ({
            [columns.slug]: tenant.slug,
            [columns.name]: tenant.name,
            [columns.status]: tenant.status,
            [columns.plan]: tenant.plan ?? "",
            [columns.id]: tenant.id,
            [columns.created]: tenant.createdAt.slice(0, 10),
          })),
        );
        if (value.more) print.line(texts.more, "yellow");
      },
    };
  },
});

const statuses = Object.freeze([
  ...(["provisioning", "pending", "active", "inactive", "suspended"] as const),
  ...(["blocked", "archived", "deleting", "deleted", "failed"] as const),
]) satisfies readonly TenantStatus[];
