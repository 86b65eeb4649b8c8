/**
 * Writes a text on one line as a log shows it: control characters (ANSI sequences begin with one), separators of lines and
 * marks that turn text round are spelt out.
 */
export function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
