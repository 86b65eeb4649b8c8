import type { StatusMove, TenantStatus } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { changeOutcome, changesBetween } from "../../tenants/change-outcome.ts";
import { measure } from "../../tenants/measure.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant activate`: serves a tenant again, whatever had stopped that. */
export const tenantActivate = defineCommand({
  path: "tenant activate",
  kind: "changes",
  arguments: { tenant: "optional" },
  flags: reasonFlag,
  examples: ["tenant activate acme --reason paid", "tenant activate acme --dry-run"],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Serves a tenant again that is inactive, suspended, blocked or archived",
      description:
        "One that was suspended before it was blocked or archived is freed of both.\nA deleted one has to be restored first; a maintenance or an expiry stays.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {},
      dryRun: "From which status it would become active; what activates nobody fails as a real one",
      done: (slug: string) => `Tenant "${slug}" is active.`,
    },
    de: {
      brief: "Bedient einen Mandanten wieder, der ruht, ausgesetzt, gesperrt oder im Archiv ist",
      description:
        "Einer, der ausgesetzt war, bevor er gesperrt oder archiviert wurde, wird von beidem befreit.\nEin gelöschter muss zuerst zurückgeholt werden; Wartung und Ablauf bleiben.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {},
      dryRun:
        "Aus welchem Zustand er aktiv würde; wo nichts zu aktivieren ist, schlägt es wie im Ernst fehl",
      done: (slug: string) => `Der Mandant „${slug}“ ist aktiv.`,
    },
  },
  async run(session, { tenant: named, reason }) {
    const { texts, settings } = session;
    const cost = measure();
    const before = await selectTenant(session, named);
    const { tenancy, actor } = await session.application();
    const { IllegalMoveError } = await import("@af-tenancy/core");
    if (before.status !== "active" && opposites[before.status] === undefined) {
      throw new IllegalMoveError(before, "activate", []);
    }
    if (settings.dryRun) {
      const changes = changesBetween(before, { ...before, status: "active" }, ["status"]);
      return changeOutcome(session, { tenants: [before], changes, cost: cost(), done: "" });
    }
    const origin = { actor, ...(reason !== undefined && { reason }) };
    const tenant = await tenancy.central(async () => {
      let now = before;
      // A block or an archive may have stood over a suspension: three moves are the most there can be.
      for (let left = 3; now.status !== "active" && left > 0; left -= 1) {
        now = await tenancy.tenants[opposites[now.status] ?? "activate"](now);
      }
      return now;
    }, origin);
    const changes = changesBetween(before, tenant, ["status"]);
    const done = texts.done(tenant.slug);
    return changeOutcome(session, { tenants: [tenant], changes, cost: cost(), done });
  },
});

/** What lifts a status. */
const opposites = Object.freeze({
  inactive: "activate",
  suspended: "resume",
  blocked: "unblock",
  archived: "unarchive",
}) satisfies Partial<Record<TenantStatus, StatusMove>> as Readonly<
  Partial<Record<TenantStatus, "activate" | "resume" | "unblock" | "unarchive">>
>;
