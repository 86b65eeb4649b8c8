import { createHash } from "node:crypto";
import type { TenantRecord } from "@af-tenancy/core";

/** Names exactly these tenants as they are now: whoever agreed to them agreed to nobody else. */
export function consentOf(tenants: readonly TenantRecord[]): string {
  const states = tenants.map(({ id, version }) => `${id} ${version}`).sort();
  const hash = createHash("sha256").update(states.join("\n")).digest("base64url").slice(0, 16);
  return `plan_${hash}`;
}
