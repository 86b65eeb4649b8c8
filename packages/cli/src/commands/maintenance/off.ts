import { defineCommand } from "../../command/define-command.ts";
import { fleetFlags, reasonFlag } from "../../command/shared-flags.ts";
import { selectFleet } from "../../tenants/select-fleet.ts";
import { visitFleet } from "../../tenants/visit-fleet.ts";

/** `tenant maintenance off`: ends the maintenance of tenants. */
export const maintenanceOff = defineCommand({
  path: "tenant maintenance off",
  kind: "changes",
  arguments: {},
  flags: { ...fleetFlags, ...reasonFlag },
  examples: ["tenant maintenance off --tenants acme", "tenant maintenance off --json"],
  exits: [0, 1, 2, 3, 130],
  output: "fleet",
  texts: {
    en: {
      brief: "Ends the maintenance of tenants",
      description: "Those that are in none are left out.",
      arguments: {},
      flags: {},
      dryRun: "Whose maintenance would end",
    },
    de: {
      brief: "Beendet die Wartung von Mandanten",
      description: "Die in keiner sind, bleiben außer Betracht.",
      arguments: {},
      flags: {},
      dryRun: "Wessen Wartung endete",
    },
  },
  async run(session, { processes, skipFailing, reason, ...selection }) {
    const tenants = await selectFleet(session, selection);
    const { tenancy, actor } = await session.application();
    const origin = { actor, ...(reason !== undefined && { reason }) };
    return visitFleet(
      session,
      tenants.filter(({ maintenance }) => maintenance !== undefined),
      {
        ...{ processes, skipFailing },
        visit: ({ id }) =>
          tenancy.central(async () => {
            await tenancy.tenants.setMaintenance(id, undefined);
          }, origin),
      },
    );
  },
});
