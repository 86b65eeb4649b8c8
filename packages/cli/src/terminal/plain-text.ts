/** Spells out control characters, so that no name or value moves the cursor, colours a line or forges one. */
export function plainText(text: string): string {
  return text.replace(control, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** C0 without tab and line feed, DEL, C1, and what turns the direction of text. */
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
