import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is removed when it is over: the test, unless told otherwise. */
export async function temporaryFolder(
  over: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "guide-"));
  over(() => rm(folder, { recursive: true }));
  return folder;
}
