import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { type Journal, journalOf } from "../support/journal-of.ts";
import { startSite, tenantDatabases, tenantFolder } from "./sqlite-site.ts";

/** What a site consists of after everything that was done to it. */
export interface SiteState extends Journal {
  /** Names of the tenant files, with everything that stands beside them. */
  readonly files: readonly string[];
}

/** Looks at a site as a new process sees it, and proves the database of every active tenant. */
export async function inspectSite(folder: string): Promise<SiteState> {
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  const databases = tenantDatabases(folder);
  const parts = { registry: () => registry, databases: () => databases };
  const tenancy = await startSite(folder, parts);
  try {
    const journal = await journalOf(registry);
    for (const tenant of journal.tenants) {
      if (tenant.status === "active") await databases.verify(tenant);
    }
    const files = await readdir(tenantFolder(folder)).catch(() => []);
    return { ...journal, files: files.filter((name) => !name.endsWith(".draft")) };
  } finally {
    await tenancy.close();
  }
}
