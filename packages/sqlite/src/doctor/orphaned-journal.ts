import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SqliteCheck } from "./sqlite-patient.ts";

/** A journal without its file is replayed into the next file that gets the name. */
export const orphanedJournal: SqliteCheck = {
  id: "sqlite/orphaned-journal",
  severity: "error",
  remedy:
    "Put the file that it belongs to back beside it, from where both were copied; if that file is not wanted, remove the journal.",

  async look({ folder }) {
    const entries = new Set(await readdir(folder).catch(() => []));
    return [...entries].flatMap((entry) => {
      const file = /^(.+\.sqlite)-(?:journal|wal|shm)$/.exec(entry)?.[1];
      if (file === undefined || entries.has(file)) return [];
      return [{ subject: join(folder, entry), message: `There is no file "${file}" beside it.` }];
    });
  },
};
