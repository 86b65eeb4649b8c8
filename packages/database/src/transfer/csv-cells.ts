/**
 * Writes a text so that no spreadsheet takes it for a formula: with an apostrophe before it. What begins with apostrophes
 * and such a character gets another one, so that reading gives back what was written.
 */
export function guardCell(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

/** Takes that apostrophe off. */
export function unguardCell(text: string): string {
  return guarded.test(text) ? text.slice(1) : text;
}

/** With the full-width forms, which some spreadsheets take for the same. */
const formula = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const guarded = /^'+[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const plainNumber = /^-\d+(\.\d+)?$/;
