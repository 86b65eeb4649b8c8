import { securedSymptoms } from "./secured-symptoms.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Without a policy, or with policies switched off, everybody sees every row of a shared table. */
export const missingPolicy: SharedRowsCheck = {
  id: "postgresql/missing-policy",
  severity: "error",
  remedy:
    "Run db.migrate() for any tenant with the strategy row on this server, before tenancy.start() where that is refused: it puts policies right.",

  look: (patient) =>
    securedSymptoms(patient, (_, { enabled, hash }) => {
      if (!enabled) return ["It has no row-level security."];
      return hash === null ? ["It has no policy of its tenants."] : [];
    }),
};
