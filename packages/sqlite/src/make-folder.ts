import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { syncToDisk } from "./sync-to-disk.ts";

/** Makes the folder and sees to it that it is still there after a loss of power. */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    await syncToDisk(dirname(made));
    if (made === first) return;
  }
}
