/** What a flag is; its text is in the catalogue of its command. */
export interface Flag<T> {
  readonly kind: "switch" | "value" | "list" | "choice";
  /** What stands for the value in help. */
  readonly placeholder?: string;
  /** Of a choice. */
  readonly values?: readonly string[];
  /** Its values name tenants, which shells propose. */
  readonly namesTenants?: true;
  /** One letter, such as `q`. */
  readonly short?: string;
  /** Gives the value of a text; what it cannot read it refuses, with the rule. */
  readonly read: (input: string, refuse: (rule: FlagRule) => never) => T;
}

/** Which rule a value broke: names of texts of the catalogue. */
export type FlagRule = "whole" | "duration" | "time" | "json" | "empty";

/** A flag without a value: there or not. */
export function on(short?: string): Flag<boolean> {
  return { kind: "switch", ...(short && { short }), read: () => true };
}

/** A flag with a text. */
export function text(placeholder: string): Flag<string> {
  return { kind: "value", placeholder, read: (input) => input };
}

/** A flag with one of some words. */
export function choice<const V extends string>(values: readonly V[]): Flag<V> {
  return { kind: "choice", values, read: (input) => input as V };
}

/** A flag with texts between commas, or given several times; none at all is refused. */
export function list(placeholder: string): Flag<string> & { readonly kind: "list" } {
  return {
    kind: "list",
    placeholder,
    read: (input, refuse) => (input.trim() === "" ? refuse("empty") : input.trim()),
  };
}

/** A flag with tenants between commas, or given several times. */
export function tenantList(): Flag<string> & { readonly kind: "list" } {
  return { ...list("TENANT,..."), namesTenants: true };
}

/** A flag with a whole number. */
export function whole(placeholder: string, least = 0): Flag<number> {
  return {
    kind: "value",
    placeholder,
    read(input, refuse) {
      const value = /^\d{1,15}$/.test(input) ? Number(input) : -1;
      return value < least ? refuse("whole") : value;
    },
  };
}

/** A flag with a length of time, such as `30s`, `15m`, `12h` or `7d`, in milliseconds. */
export function duration(placeholder: string): Flag<number> {
  return {
    kind: "value",
    placeholder,
    read(input, refuse) {
      const [, digits, unit] = /^(\d{1,6})(s|m|h|d)$/.exec(input) ?? [];
      return digits === undefined ? refuse("duration") : Number(digits) * units[unit as "s"];
    },
  };
}

/** A flag with a date or a time of ISO 8601, in milliseconds since 1970. */
export function time(placeholder: string): Flag<number> {
  return {
    kind: "value",
    placeholder,
    read(input, refuse) {
      const value = isDay(input.slice(0, 10)) ? Date.parse(input) : Number.NaN;
      return Number.isNaN(value) ? refuse("time") : value;
    },
  };
}

/** A flag with an object in JSON. */
export function jsonObject(placeholder: string): Flag<Readonly<Record<string, unknown>>> {
  return {
    kind: "value",
    placeholder,
    read(input, refuse) {
      const value = parsed(input);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return isObject ? (value as Readonly<Record<string, unknown>>) : refuse("json");
    },
  };
}

const units = Object.freeze({ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 });

/** Tells whether there is this day: `Date` takes the 31st of February for one in March. */
function isDay(text: string): boolean {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text);
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}
