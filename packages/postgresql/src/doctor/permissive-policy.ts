import { securedSymptoms } from "./secured-symptoms.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";

/** Of permissive policies one is enough to let a row through. */
export const permissivePolicy: SharedRowsCheck = {
  id: "postgresql/permissive-policy",
  severity: "error",
  remedy: "Drop the policy and make it anew `as restrictive`.",

  look: (patient) =>
    securedSymptoms(patient, (_, { others }) =>
      others.map(
        (policy) => `Its policy "${policy}" lets more rows through than the tenant's own.`,
      ),
    ),
};
