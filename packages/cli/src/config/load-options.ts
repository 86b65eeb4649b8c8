import type { TenancyOptions } from "@af-tenancy/core";
import type { Catalogue } from "../messages/catalogue.ts";
import { findConfig, namedConfig } from "./find-config.ts";
import { loadDefault } from "./load-module.ts";

/** Finds the configuration that is meant; throws `ConfigNotFoundError`. */
export async function locateConfig(
  folder: string,
  wanted: string | undefined,
  { refusals }: Catalogue,
): Promise<string> {
  const path = wanted === undefined ? findConfig(folder) : namedConfig(folder, wanted);
  if (path !== undefined) return path;
  const { ConfigNotFoundError } = await import("../errors.ts");
  throw new ConfigNotFoundError(
    wanted === undefined ? refusals.noConfig(folder) : refusals.noSuchConfig(wanted),
  );
}

/** Loads what a configuration exports and gives the options of a tenancy; throws `ConfigNotLoadedError`. */
export async function loadOptions(path: string, { refusals }: Catalogue): Promise<TenancyOptions> {
  const { ConfigNotLoadedError } = await import("../errors.ts");
  const notLoaded = (cause: unknown): never => {
    throw new ConfigNotLoadedError(refusals.configFailed(path), { cause });
  };
  const exported = await loadDefault(path).catch(notLoaded);
  const given = await evaluated(exported).catch(notLoaded);
  if (!isOptions(given)) throw new ConfigNotLoadedError(refusals.configIsNone(path));
  return given;
}

async function evaluated(exported: unknown): Promise<unknown> {
  return typeof exported === "function" ? exported() : exported;
}

function isOptions(value: unknown): value is TenancyOptions {
  if (typeof value !== "object" || value === null) return false;
  const { registry, store } = value as Partial<TenancyOptions>;
  return registry !== undefined || store !== undefined;
}
