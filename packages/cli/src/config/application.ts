import { userInfo } from "node:os";
import type { CentralRegistry, Tenancy, TenancyOptions, TenantDatabases } from "@af-tenancy/core";
import type { Catalogue } from "../messages/catalogue.ts";
import { findConfig, namedConfig } from "./find-config.ts";
import { loadDefault } from "./load-module.ts";

/** The application that a command works on. */
export interface Application {
  readonly tenancy: Tenancy;
  readonly registry: CentralRegistry | undefined;
  readonly databases: TenantDatabases | undefined;
  /** Of whoever runs the command, for the audit trail. */
  readonly actor: string;
}

/**
 * Loads the configuration, composes a tenancy of it and starts that. Its consumers are left to the application's own
 * processes: a command that ends in a moment is no place for them. Throws `ConfigNotFoundError`, `ConfigNotLoadedError`, or
 * what composing and starting throw.
 */
export async function openApplication(
  folder: string,
  wanted: string | undefined,
  { refusals }: Catalogue,
): Promise<Application> {
  const { ConfigNotFoundError, ConfigNotLoadedError } = await import("../errors.ts");
  const path = wanted === undefined ? findConfig(folder) : namedConfig(folder, wanted);
  if (path === undefined) {
    const message =
      wanted === undefined ? refusals.noConfig(folder) : refusals.noSuchConfig(wanted);
    throw new ConfigNotFoundError(message);
  }
  const notLoaded = (cause: unknown): never => {
    throw new ConfigNotLoadedError(refusals.configFailed(path), { cause });
  };
  const exported = await loadDefault(path).catch(notLoaded);
  const given = await evaluated(exported).catch(notLoaded);
  if (!isOptions(given)) throw new ConfigNotLoadedError(refusals.configIsNone(path));
  const { createTenancy } = await import("@af-tenancy/core");
  const { consumers: _left, ...options } = given;
  const tenancy = createTenancy({ ...options, graceMs });
  try {
    await tenancy.start();
  } catch (error) {
    await tenancy.close();
    throw error;
  }
  const { registry, databases } = options;
  return { tenancy, registry, databases, actor: `cli:${userName()}` };
}

/** Nobody is served here: a command that was stopped is told so after a moment, and goes on another time. */
const graceMs = 500;

async function evaluated(exported: unknown): Promise<unknown> {
  return typeof exported === "function" ? exported() : exported;
}

function isOptions(value: unknown): value is TenancyOptions {
  if (typeof value !== "object" || value === null) return false;
  const { registry, store } = value as Partial<TenancyOptions>;
  return registry !== undefined || store !== undefined;
}

/** A container may run a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
