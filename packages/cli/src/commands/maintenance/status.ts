import { defineCommand } from "../../command/define-command.ts";
import { selectionFlags } from "../../command/shared-flags.ts";
import type { ListOutput } from "../../outputs/read-outputs.ts";
import { describeTenant } from "../../tenants/describe-tenant.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";

/** `tenant maintenance status`: tells who is down for maintenance. */
export const maintenanceStatus = defineCommand({
  path: "tenant maintenance status",
  kind: "reads",
  arguments: {},
  flags: selectionFlags,
  examples: ["tenant maintenance status", "tenant maintenance status --tenants acme --json"],
  exits: [0, 1, 2, 130],
  output: "tenants",
  texts: {
    en: {
      brief: "Lists the tenants that are down for maintenance, or will be",
      arguments: {},
      flags: {},
      columns: { slug: "Slug", message: "Message", from: "From", until: "Until" },
      nobody: "Nobody is down for maintenance.",
    },
    de: {
      brief: "Listet die Mandanten auf, die gewartet werden oder es werden sollen",
      arguments: {},
      flags: {},
      columns: { slug: "Kürzel", message: "Meldung", from: "Ab", until: "Bis" },
      nobody: "Niemand wird gewartet.",
    },
  },
  async run(session, selection) {
    const { columns, nobody } = session.texts;
    const fleet = await selectFleet(session, selection);
    const tenants = fleet
      .filter(({ maintenance }) => maintenance !== undefined)
      .map(describeTenant);
    const value: ListOutput = { tenants, more: false };
    return {
      value,
      quiet: tenants.map(({ slug }) => slug),
      show(print) {
        if (tenants.length === 0) print.line(nobody, "dim");
        print.rows(
          tenants.map(({ slug, maintenance }) => ({
            [columns.slug]: slug,
            [columns.message]: maintenance?.message ?? "",
            [columns.from]: maintenance?.from ?? "",
            [columns.until]: maintenance?.until ?? "",
          })),
        );
      },
    };
  },
});
