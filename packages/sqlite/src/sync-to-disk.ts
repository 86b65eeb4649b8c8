import { closeSync, fsync, openSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

/** Waits until a file's contents, or a folder's entries, would survive a loss of power. */
export async function syncToDisk(path: string): Promise<void> {
  const descriptor = openSync(path, "r");
  try {
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a file, whose contents would survive a loss of power; throws where there is one of the name. The contents are
 * asked for when they are written, all at once.
 */
export async function writeToDisk(path: string, contents: () => Buffer): Promise<void> {
  const descriptor = openSync(path, "wx");
  try {
    // Memory takes it sooner than another thread would be asked; the disk takes longer.
    writeFileSync(descriptor, contents());
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const flush = promisify(fsync);
