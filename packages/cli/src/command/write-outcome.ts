import type { Catalogue } from "../messages/catalogue.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { isReaderAway, write } from "../terminal/write.ts";

/**
 * Writes what a command gives to stdout. Throws `FileNotWrittenError` where it cannot be, so that a script does not take
 * for success what it never read.
 */
export async function writeOutcome(
  { stdout }: Terminal,
  { refusals }: Catalogue,
  text: string,
): Promise<void> {
  const failure = await write(stdout, text);
  if (failure === undefined || isReaderAway(failure)) return;
  const { FileNotWrittenError } = await import("../errors.ts");
  throw new FileNotWrittenError(refusals.notPrinted, { cause: failure });
}
