import { userInfo } from "node:os";
import type { CentralRegistry, Tenancy, TenantDatabases } from "@af-tenancy/core";
import type { Catalogue } from "../messages/catalogue.ts";
import { composeApplication } from "./compose-application.ts";
import { inTime } from "./in-time.ts";
import { loadOptions, locateConfig } from "./load-options.ts";
import { startInTime } from "./start-in-time.ts";

/** The application that a command works on. */
export interface Application {
  readonly tenancy: Tenancy;
  readonly registry: CentralRegistry | undefined;
  readonly databases: TenantDatabases | undefined;
  /** Of whoever runs the command, for the audit trail. */
  readonly actor: string;
}

/**
 * Loads the configuration, composes a tenancy of it and starts that. Throws `ConfigNotFoundError`, `ConfigNotLoadedError`, what
 * composing and starting throw, or `StartTimeoutError` where loading or starting takes longer than `limitMs`, if there is one.
 */
export async function openApplication(
  folder: string,
  wanted: string | undefined,
  catalogue: Catalogue,
  limitMs?: number,
): Promise<Application> {
  const limit = limitMs === undefined ? undefined : { milliseconds: limitMs, catalogue };
  const path = await locateConfig(folder, wanted, catalogue);
  const options = await inTime("load", loadOptions(path, catalogue), limit);
  const tenancy = await composeApplication(options);
  try {
    await startInTime(tenancy, limit);
  } catch (error) {
    const closing = tenancy.close();
    // What has not come up in time may not go down either.
    if (limit === undefined) await closing;
    else closing.catch(() => undefined);
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
