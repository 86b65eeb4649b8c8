import { alteredPolicy } from "./altered-policy.ts";
import { missingPolicy } from "./missing-policy.ts";
import { ownedTable } from "./owned-table.ts";
import { permissivePolicy } from "./permissive-policy.ts";
import { privilegedRole } from "./privileged-role.ts";
import type { SharedRowsCheck } from "./shared-rows.ts";
import { unforcedPolicy } from "./unforced-policy.ts";
import { viewOfOwner } from "./view-of-owner.ts";

/** Everything without which row-level security keeps nobody apart; an application does not start with any of it. */
export const sharedRowsChecks: readonly SharedRowsCheck[] = Object.freeze([
  privilegedRole,
  ownedTable,
  missingPolicy,
  unforcedPolicy,
  alteredPolicy,
  permissivePolicy,
  viewOfOwner,
]);
