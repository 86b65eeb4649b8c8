import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Catalogue } from "../messages/catalogue.ts";

/** Writes a file that is not there yet, and the folders above it; throws `FileNotWrittenError`. */
export async function writeNewFile(
  path: string,
  text: string,
  { refusals }: Catalogue,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: "wx" });
  } catch (cause) {
    const { FileNotWrittenError } = await import("../errors.ts");
    throw new FileNotWrittenError(refusals.notWritten(path), { cause });
  }
}
