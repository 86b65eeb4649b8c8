import { closeSync, fsync, openSync, writeFile } from "node:fs";
import { promisify } from "node:util";

/** Waits until a file's contents, or a folder's entries, would survive a loss of power. */
export async function syncToDisk(path: string): Promise<void> {
  const descriptor = openSync(path, "r");
  try {
    await promisify(fsync)(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a file, whose contents would survive a loss of power; throws where there is one of the name. */
export async function writeToDisk(path: string, contents: Buffer): Promise<void> {
  const descriptor = openSync(path, "wx");
  try {
    await promisify(writeFile)(descriptor, contents, { flush: true });
  } finally {
    closeSync(descriptor);
  }
}
