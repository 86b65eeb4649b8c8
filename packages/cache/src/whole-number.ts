import { ConfigurationError } from "@af-tenancy/core";

/** Gives a number that an option may have; throws `ConfigurationError`. */
export function wholeNumber(key: string, value: unknown, least: number, most: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
    return Number(value);
  const given = typeof value === "number" ? String(value) : `of type ${typeof value}`;
  const [from, to] = [least, most].map((number) => number.toLocaleString("en"));
  throw new ConfigurationError(key, given, `give a whole number from ${from} to ${to}.`);
}
