import { ConfigurationError } from "@af-tenancy/core";
import { isCount } from "./check-count.ts";

/** How each option is checked, by its name. */
export type SettingRules = Readonly<Record<string, (value: unknown) => boolean>>;

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
 * Checks how a server is reached, and by `more` what else a driver's settings say; `type` is what they are called there.
 * Throws `ConfigurationError` naming the option under `key`.
 */
export function checkSettings(
  key: string,
  settings: object,
  type: string,
  more: SettingRules,
): void {
  const rules = { ...reaching, ...more };
  for (const [name, value] of Object.entries(settings)) {
    const path = `${key}.${name}`;
    const isRight = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (isRight === undefined) {
      throw new ConfigurationError(path, "no option", `use ${Object.keys(rules).join(", ")}.`);
    }
    if (isRight(value)) continue;
    const shown = name === "password" ? "no text" : String(JSON.stringify(value));
    throw new ConfigurationError(path, shown, `see ${type}.`);
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

const reaching: SettingRules = {
  host: isText,
  port: isPort,
  user: isText,
  password: (value) => typeof value === "string",
  database: isText,
  ssl: (value) => typeof value === "boolean" || isSettings(value),
  connectTimeout: isTimeout,
  queryTimeout: isTimeout,
};

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
