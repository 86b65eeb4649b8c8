import { isAsMade } from "../row-level-security.ts";
import { securedSymptoms } from "./secured-symptoms.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** A policy that bears the name of the tenants' may let through anything. */
export const alteredPolicy: SharedRowsCheck = {
  id: "postgresql/altered-policy",
  severity: "error",
  remedy:
    "Run db.migrate() for any tenant with the strategy row on this server, before tenancy.start() where that is refused: it puts policies right.",

  look: (patient) =>
    securedSymptoms(patient, (table, security) =>
      isAsMade(table, security)
        ? []
        : [`Its tenants' policy is not the one that was made: it is for "${security.rule}".`],
    ),
};
