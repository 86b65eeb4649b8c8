import type { Catalogue } from "../messages/catalogue.ts";
import type { Printer } from "../terminal/printer.ts";

/** Prints what a failure was caused by, below the line that tells it. */
export function tellCauses(print: Printer, { words }: Catalogue, causes: readonly string[]): void {
  for (const cause of causes) print.line(`    ${words.because} ${cause}`, "red");
}
