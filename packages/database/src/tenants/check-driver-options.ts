import { ConfigurationError, checkKnownOptions, InvalidInputError } from "@af-tenancy/core";
import { isSettings, isText } from "../connection/server-settings.ts";
import { checkStrategies, type MikroOrmDatabasesOptions } from "./mikro-orm-databases-options.ts";
import type { TenantEntity } from "./tenant-entities.ts";

/** What an option may be, `undefined` where it may be absent, and what to do for whoever gave something else. */
export interface OptionRule {
  readonly fits: (value: unknown) => boolean;
  readonly remedy: string;
}

/** What the option of the other servers may be, whatever the driver. */
export const serversRule = Object.freeze<OptionRule>({
  fits: (value) => value === undefined || typeof value === "function" || isSettings(value),
  remedy: "give settings by name, such as { eu: { host } }, or a function that finds them by name.",
});

/**
 * Checks what a driver's factory was given: an object, and of the right kind what stands under a rule. Throws
 * `ConfigurationError`.
 */
export function checkDriverOptions<O extends Omit<MikroOrmDatabasesOptions, "seeders">>(
  factory: string,
  options: O,
  rules: { readonly [K in keyof O]?: OptionRule },
): void {
  if (!isSettings(options)) {
    const remedy = `pass an object such as ${factory}({ entities: [Note] }).`;
    throw new ConfigurationError(factory, kindOf(options), remedy);
  }
  checkStrategies(options.strategies);
  checkByRules("", options, rules);
}

/** Throws `ConfigurationError` where users are to be made for tenants, and every tenant shares its tables with others. */
export function checkUsersHaveTenants({
  users,
  strategies,
}: Pick<MikroOrmDatabasesOptions, "strategies"> & { readonly users?: unknown }): void {
  const isAnyAlone = strategies === undefined || strategies.some((strategy) => strategy !== "row");
  if (isAnyAlone || users === undefined || users === false) return;
  const remedy = "leave it out, or list another strategy: in shared tables tenants have no user.";
  throw new ConfigurationError("users", 'given, with the strategy "row" alone', remedy);
}

/**
 * Checks what an application says of its central database on one of a driver's servers. Throws `ConfigurationError`.
 */
export function checkCentralOptions(central: CentralOptions): void {
  checkKnownOptions<CentralOptions>("central", central, {
    ...{ database: true, server: true, entities: true },
  });
  checkByRules("central.", central, {
    database: { fits: isText, remedy: "name the database, which must be there." },
    server: {
      fits: (value) => value === undefined || isText(value),
      remedy: "name one of the servers, or leave it out.",
    },
  });
}

/** Throws `ConfigurationError` when a central database is on a server that `look` does not find. */
export function checkCentralServer(server: string, look: (server: string) => unknown): void {
  try {
    look(server);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const remedy = 'name one of "servers", or leave it out.';
    throw new ConfigurationError("central.server", `"${server}"`, remedy, { cause: error });
  }
}

interface CentralOptions {
  readonly database: string;
  readonly server?: string;
  readonly entities: readonly TenantEntity[];
}

function checkByRules<O extends object>(
  path: string,
  options: O,
  rules: { readonly [K in keyof O]?: OptionRule },
): void {
  for (const [key, rule] of Object.entries<OptionRule | undefined>(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[key];
    if (rule === undefined || rule.fits(value)) continue;
    throw new ConfigurationError(`${path}${key}`, kindOf(value), rule.remedy);
  }
}

/** Not a text itself: where something else belongs, it may be an address with a password. */
function kindOf(value: unknown): string {
  if (value === null || ["undefined", "boolean", "number"].includes(typeof value))
    return `${value}`;
  if (value === "") return "empty";
  return Array.isArray(value) ? "an array" : `of type ${typeof value}`;
}
