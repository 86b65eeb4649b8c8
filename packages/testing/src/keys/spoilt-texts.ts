/** Variants of a sealed text or signature, each different from it. */
export function spoiltTexts(text: string): readonly string[] {
  const swapped = Array.from({ length: text.length }, (_, at) => swapAt(text, at));
  return [
    "",
    "nonsense",
    text.slice(0, -1),
    text.slice(1),
    text.slice(0, text.length / 2),
    `${text}A`,
    `A${text}`,
    `${text}${text}`,
    // What lenient decoders of base64 skip.
    `${text}!`,
    `${text}=`,
    `${text}\n`,
    ` ${text}`,
    ...swapped,
  ].filter((one) => one !== text);
}

/** The last letter of a base64 text may hold unused bits, so a letter far away in the alphabet takes its place. */
function swapAt(text: string, at: number): string {
  const far = text[at] === "A" || text[at] === "a" ? "z" : "A";
  return `${text.slice(0, at)}${far}${text.slice(at + 1)}`;
}
