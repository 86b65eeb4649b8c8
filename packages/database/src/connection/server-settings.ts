import { ConfigurationError } from "@af-tenancy/core";
import { isCount } from "./check-count.ts";

/** How each option is checked, by its name, and what to do for whoever gave something else. */
export type SettingRules = Readonly<
  Record<string, readonly [fits: (value: unknown) => boolean, remedy: string]>
>;

/** What every driver's settings of a server have in common when they are absent. */
export const serverDefaults = Object.freeze({
  host: "127.0.0.1",
  ssl: false,
  connectTimeout: 5_000,
});

/** Gives settings of a server without what is absent; throws `ConfigurationError` for what is no object, such as a URL. */
export function givenSettings<S extends object>(key: string, settings: S): S {
  if (isSettings(settings)) return definedOnly(settings);
  throw new ConfigurationError(
    key,
    "no object",
    "give { host, port, user, password, database }; a URL cannot be merged with the other servers' settings.",
  );
}

/**
 * Checks how a server is reached, and by `more` what else a driver's settings say. Throws `ConfigurationError` naming the
 * option under `key`.
 */
export function checkSettings(key: string, settings: object, more: SettingRules): void {
  const rules = { ...reaching, ...more };
  for (const [name, value] of Object.entries(settings)) {
    const path = `${key}.${name}`;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      throw new ConfigurationError(path, "no option", `use ${Object.keys(rules).join(", ")}.`);
    }
    const [fits, remedy] = rule;
    if (fits(value)) continue;
    throw new ConfigurationError(path, name === "password" ? "no text" : shown(value), remedy);
  }
}

/** Leaves out what is `undefined`. */
export function definedOnly<S extends object>(settings: S): S {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as S;
}

/** Tells whether a value can hold settings: an object, and no list or map, of which nothing would be read. */
export function isSettings(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(Symbol.iterator in value);
}

const timeout = "give whole milliseconds, above 0 and below 2 ** 31, or leave it out.";

const reaching: SettingRules = {
  host: [isText, "give the name or the address of the server."],
  port: [isPort, "give a whole number from 1 to 65535."],
  user: [isText, "give the name of the user."],
  password: [(value) => typeof value === "string", "give it as a text, or leave it out."],
  database: [isText, "give the name of the database."],
  ssl: [
    (value) => typeof value === "boolean" || isSettings(value),
    "give true, false or an object of TLS options.",
  ],
  connectTimeout: [isTimeout, timeout],
  queryTimeout: [isTimeout, timeout],
};

/** An object is not shown: it may hold a key or a password. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value !== null && typeof value === "object") return "an object";
  return String(value);
}

/** Tells whether a value can be the name of something. */
export function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

function isPort(value: unknown): boolean {
  return isCount(value) && Number(value) <= 65_535;
}

/** Node's timers take 1 ms for what is above, and so does no server. */
function isTimeout(value: unknown): boolean {
  return isCount(value) && Number(value) < 2 ** 31;
}
