import { userInfo } from "node:os";
import type { CentralRegistry, Tenancy, TenantDatabases } from "@af-tenancy/core";
import type { Catalogue } from "../messages/catalogue.ts";
import { composeApplication } from "./compose-application.ts";
import { loadOptions, locateConfig } from "./load-options.ts";

/** The application that a command works on. */
export interface Application {
  readonly tenancy: Tenancy;
  readonly registry: CentralRegistry | undefined;
  readonly databases: TenantDatabases | undefined;
  /** Of whoever runs the command, for the audit trail. */
  readonly actor: string;
}

/**
 * Loads the configuration, composes a tenancy of it and starts that. Throws `ConfigNotFoundError`, `ConfigNotLoadedError`, or
 * what composing and starting throw.
 */
export async function openApplication(
  folder: string,
  wanted: string | undefined,
  catalogue: Catalogue,
): Promise<Application> {
  const path = await locateConfig(folder, wanted, catalogue);
  const options = await loadOptions(path, catalogue);
  const tenancy = await composeApplication(options);
  try {
    await tenancy.start();
  } catch (error) {
    await tenancy.close();
    throw error;
  }
  const { registry, databases } = options;
  return { tenancy, registry, databases, actor: `cli:${userName()}` };
}

/** A container may run a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
