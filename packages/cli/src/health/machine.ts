import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname } from "node:path";
import type { TenantDatabases, TenantRecord } from "@af-tenancy/core";

/** How much there is of something, in bytes. */
interface Room {
  readonly free: number;
  readonly all: number;
}

/** Gives the folders of this machine in which tenants' databases lie, or would lie. */
export function storageFolders(
  databases: TenantDatabases | undefined,
  tenants: readonly TenantRecord[],
): ReadonlySet<string> {
  const folders = new Set<string>();
  if (databases === undefined) return folders;
  const placements = tenants.flatMap(({ placement }) => (placement ? [placement] : []));
  for (const placement of [...placements, databases.place("health", 1)]) {
    const { folder } = databases.manager(placement);
    if (folder !== undefined) folders.add(folder);
  }
  return folders;
}

/** How much of the disk a user may still take; of the nearest folder above one that is still to be made. */
export async function freeStorage(folder: string): Promise<Room> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, all: blocks * bsize };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isAbsent || dirname(folder) === folder) throw error;
    return freeStorage(dirname(folder));
  }
}

/** How much memory a process may still take here, within the limits of its container. */
export function freeMemory(): Room {
  const limit = process.constrainedMemory();
  const all = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { free: process.availableMemory(), all };
}
