import { randomUUID } from "node:crypto";
import { access, constants, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../code-of.ts";
import type { SqliteCheck } from "./sqlite-patient.ts";

/** The folder of the tenant files has to take new files, journals among them. */
export const folderNotWritable: SqliteCheck = {
  id: "sqlite/folder-not-writable",
  severity: "error",
  remedy:
    "Give the user of the process the right to write in the folder and in the files in it; SQLite writes its journal there.",

  async look({ folder }) {
    try {
      await tryToWrite(await firstThere(folder));
      return [];
    } catch (error) {
      return [{ subject: folder, message: `No file can be made there (${codeOf(error)}).` }];
    }
  },
};

/** A folder that is not there yet is made with the first tenant, in the nearest one that is. */
async function firstThere(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    return firstThere(dirname(folder));
  }
}

/** Asked for its rights a disk that is mounted read-only may say yes. */
async function tryToWrite(folder: string): Promise<void> {
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  const path = join(folder, `.doctor-${randomUUID()}`);
  await writeFile(path, "", { flag: "wx" });
  await unlink(path);
}
