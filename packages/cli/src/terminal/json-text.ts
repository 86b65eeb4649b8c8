import { plainText } from "./plain-text.ts";
import type { Redact } from "./redactor.ts";

/** Gives one JSON document and a line feed, without secrets, and without bytes that a terminal would obey. */
export function jsonText(value: unknown, redact: Redact): string {
  const document = JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "string" ? redact(entry) : entry,
  );
  // JSON spells out C0 itself; the rest stands in strings, where this is the same character.
  return `${plainText(document)}\n`;
}
