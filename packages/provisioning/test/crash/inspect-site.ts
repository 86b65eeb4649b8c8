import { type Journal, journalOf } from "../support/journal-of.ts";
import { siteIn } from "./engine.ts";
import { startSite } from "./start-site.ts";

/** What a site consists of after everything that was done to it. */
export interface SiteState extends Journal {
  /** Names of the tenants' databases, with everything that stands beside them. */
  readonly names: readonly string[];
}

/** Looks at a site as a new process sees it, and proves the database of every active tenant. */
export async function inspectSite(folder: string): Promise<SiteState> {
  const site = siteIn(folder);
  const [registry, databases] = [site.registry(), site.databases()];
  const parts = { registry: () => registry, databases: () => databases };
  const tenancy = await startSite(folder, parts);
  try {
    const journal = await journalOf(registry);
    for (const tenant of journal.tenants) {
      if (["active", "pending"].includes(tenant.status)) await databases.verify(tenant);
    }
    return { ...journal, names: await site.names() };
  } finally {
    await tenancy.close();
  }
}
