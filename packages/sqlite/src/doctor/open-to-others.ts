import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SqliteCheck } from "./sqlite-patient.ts";

/** Whoever may write in the folder may put another tenant's file in the place of this one. */
export const openToOthers: SqliteCheck = {
  id: "sqlite/open-to-others",
  severity: "error",
  remedy:
    "Take the right to write from others (`chmod -R o-w`) and start the process with umask 022 or 077.",

  async look({ folder }) {
    const entries = await readdir(folder).catch(() => []);
    const open: string[] = [];
    if (await othersMayWrite(folder, stat)) open.push(folder);
    for (const entry of entries) {
      const path = join(folder, entry);
      // What a link leads to is not of this folder, and rights of the link itself mean nothing.
      if (await othersMayWrite(path, lstat)) open.push(path);
    }
    return open.map((subject) => ({
      subject,
      message: "Every user of the machine may write in it.",
    }));
  },
};

async function othersMayWrite(path: string, look: typeof lstat): Promise<boolean> {
  const found = await look(path).catch(() => undefined);
  return found !== undefined && !found.isSymbolicLink() && (found.mode & 0o002) !== 0;
}
