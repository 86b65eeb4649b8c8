import { securedSymptoms } from "./secured-symptoms.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** The owner of a table is held to its policies only where they are forced. */
export const unforcedPolicy: SharedRowsCheck = {
  id: "postgresql/unforced-policy",
  severity: "error",
  remedy:
    "Run db.migrate() for any tenant with the strategy row on this server, before tenancy.start() where that is refused: it puts policies right.",

  look: (patient) =>
    securedSymptoms(patient, ({ force }, { forced }) =>
      forced || !force ? [] : ["Its policies are not forced, so that its owner reads past them."],
    ),
};
