import { domainToUnicode } from "node:url";

/**
 * Tells whether a part of a domain mixes scripts, as `pаypal` with a Cyrillic `а` does to look like another name; by the
 * level "highly restrictive" of Unicode Technical Standard 39, so Japanese, Chinese and Korean go with Latin. A part wholly
 * in letters of one script that look like those of another is not found. `domain` is in its ASCII form.
 */
export function mixesScripts(domain: string): boolean {
  if (!domain.includes("xn--")) return false;
  return domainToUnicode(domain)
    .split(".")
    .some((label) => !allowed.some((scripts) => scripts.test(label)));
}

/** The scripts of today's languages (Unicode Standard Annex 31, table 5), and those that are written together. */
const allowed: readonly RegExp[] = [
  ...["Latin", "Cyrillic", "Greek", "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic"],
  ...["Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam"],
  ...["Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai", "Tibetan"],
  ...["Latin Han Hiragana Katakana", "Latin Han Bopomofo", "Latin Han Hangul"],
].map((scripts) => {
  const letters = `Common Inherited ${scripts}`.split(" ").map((name) => `\\p{scx=${name}}`);
  return new RegExp(`^[${letters.join("")}]*$`, "u");
});
