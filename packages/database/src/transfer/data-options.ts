import { InvalidInputError } from "@af-tenancy/core";
import { isCount } from "../connection/check-count.ts";
import type { LongCall } from "./long-call.ts";
import type { LoadOptions } from "./row-loader.ts";

/** What an option has to be. */
export interface OptionRule {
  /** Says so in words, as what to do. */
  readonly rule: string;
  readonly required?: true;
  fits(value: unknown): boolean;
}

/** A rule for each option that there is. */
export type OptionRules<O> = { readonly [K in keyof Required<O>]: OptionRule };

/** Throws `InvalidInputError` for an option that there is not, one that is missing, and one that is something else. */
export function checkOptions<O>(options: O, rules: OptionRules<O>): void {
  if (!isObject(options)) refuse("options", options, "give an object of options");
  const known = Object.keys(rules);
  for (const name in options) {
    if (known.includes(name)) continue;
    refuse("options", name, `there is no such option, only ${known.join(", ")}`);
  }
  for (const [name, { rule, required, fits }] of Object.entries<OptionRule>(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined ? required : !fits(value)) refuse(name, value, rule);
  }
}

/** Rules for what options of several calls have to be. */
export const rulesFor = Object.freeze({
  flag: { rule: "use true or false", fits: (value) => typeof value === "boolean" },
  count: { rule: "give a whole number above 0", fits: isCount },
  listener: { rule: "give a function", fits: (value) => typeof value === "function" },
  signal: {
    rule: "give the signal of an AbortController",
    fits: (value) => value instanceof AbortSignal,
  },
  format: { ...oneOf("jsonl", "csv"), required: true },
  entity: { rule: "give an entity or its name, such as Note", fits: isEntity },
  entities: {
    rule: "give a list of entities or their names, such as [Note]",
    fits: (value) => Array.isArray(value) && value.every(isEntity),
  },
  where: { rule: "give conditions by the names of entities", fits: isObject },
} as const satisfies Readonly<Record<string, OptionRule>>);

/** Rules for the options that each long call takes. */
export const longCallRules: OptionRules<LongCall> = Object.freeze({
  signal: rulesFor.signal,
  onProgress: rulesFor.listener,
});

/** Rules for the options of what writes rows. */
export const loadRules: OptionRules<LoadOptions> = Object.freeze({
  onConflict: oneOf("fail", "skip", "update"),
  onInvalid: oneOf("stop", "skip"),
  onIssue: rulesFor.listener,
  batch: rulesFor.count,
});

/** Throws `InvalidInputError`, and shows no more of a value than a log can bear. */
export function refuse(field: string, value: unknown, rule: string): never {
  throw new InvalidInputError(field, shown(value), rule);
}

/** Tells whether a value is an object that is no list. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function oneOf(...words: readonly string[]): OptionRule {
  return {
    rule: `use one of ${words.join(", ")}`,
    fits: (value) => words.some((word) => word === value),
  };
}

function isEntity(value: unknown): boolean {
  return typeof value === "string" || typeof value === "function" || isObject(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  if (typeof value === "string") return value.length <= 60 ? value : `${value.slice(0, 59)}…`;
  if (value === null || typeof value === "number" || typeof value === "boolean") return `${value}`;
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
