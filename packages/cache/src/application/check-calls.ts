import { InvalidInputError } from "@af-tenancy/core";

/** Milliseconds of the longest time that anything is kept. */
export const longestTtl = 2_592_000_000;

/** Gives a key, or the name of a tag or lock; throws `InvalidInputError` for what no store keeps apart from others. */
export function checkName(field: "key" | "tag" | "lock", name: unknown): string {
  if (typeof name !== "string") {
    throw new InvalidInputError(field, `a value of type ${typeof name}`, "pass a string");
  }
  const isFine = name !== "" && name.length <= 240 && name.isWellFormed() && !name.includes("\0");
  if (isFine) return name;
  const rule = "pass 1 to 240 characters of well-formed text without a NUL";
  throw new InvalidInputError(field, name.slice(0, 64), rule);
}

/** Gives one name or several, each once. */
export function checkNames(field: "key" | "tag", names: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  return [...new Set(list.map((name) => checkName(field, name)))];
}

/** Gives how long something is kept; throws `InvalidInputError`. */
export function checkTtl(ttl: unknown): number {
  if (Number.isSafeInteger(ttl) && Number(ttl) >= 1 && Number(ttl) <= longestTtl)
    return Number(ttl);
  const given = typeof ttl === "number" ? String(ttl) : `a value of type ${typeof ttl}`;
  throw new InvalidInputError("ttl", given, "pass whole milliseconds from 1 to 2,592,000,000");
}

/** Throws `InvalidInputError` unless there are no options but the known ones: a misspelt one would mean its default. */
export function checkCallOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidInputError(
      "options",
      typeof options,
      `pass an object with ${known.join(", ")}`,
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new InvalidInputError("option", unknown, `pass ${known.join(", ")} or nothing`);
}
