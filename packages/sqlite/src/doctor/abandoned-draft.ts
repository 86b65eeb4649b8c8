import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { draftFolder } from "../tenant-file.ts";
import type { SqliteCheck } from "./sqlite-patient.ts";

/** What a process that was killed had begun to make. */
export const abandonedDraft: SqliteCheck = {
  id: "sqlite/abandoned-draft",
  severity: "warning",
  remedy: "Run repair(), or remove the file: nobody is making it any more.",

  async look({ folder }) {
    const drafts = join(folder, draftFolder);
    const entries = await readdir(drafts).catch(() => []);
    const symptoms = await Promise.all(entries.map((entry) => ageOf(join(drafts, entry))));
    return symptoms.flatMap(({ path, hours }) => {
      if (hours < 1) return [];
      return [{ subject: path, message: `It was begun ${Math.floor(hours)} hours ago.` }];
    });
  },
};

async function ageOf(path: string): Promise<{ readonly path: string; readonly hours: number }> {
  const found = await stat(path).catch(() => undefined);
  const hours = found === undefined ? 0 : (Date.now() - found.mtimeMs) / 3_600_000;
  return { path, hours };
}
