import { setTimeout } from "node:timers/promises";
import type { RepairReport } from "@af-tenancy/core";
import { shortLease, startSite } from "./start-site.ts";

/** Waits until the lease of a killed process is over, then repairs as a new process does at its start. */
export async function repairSite(folder: string): Promise<RepairReport> {
  await setTimeout(shortLease + 50);
  const tenancy = await startSite(folder);
  try {
    return await tenancy.tenants.repair();
  } finally {
    await tenancy.close();
  }
}
