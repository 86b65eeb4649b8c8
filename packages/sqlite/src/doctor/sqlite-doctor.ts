import { databaseChecks, examine, type Finding } from "@af-tenancy/database";
import { abandonedDraft } from "./abandoned-draft.ts";
import { folderNotWritable } from "./folder-not-writable.ts";
import { openFilesLimit } from "./open-files-limit.ts";
import { openToOthers } from "./open-to-others.ts";
import { orphanedJournal } from "./orphaned-journal.ts";
import type { SqliteCheck, SqlitePatient } from "./sqlite-patient.ts";

/** Looks for what is wrong with a folder of tenant files. */
export function examineFolder(patient: SqlitePatient): Promise<readonly Finding[]> {
  return examine(patient, checks);
}

const checks: readonly SqliteCheck[] = Object.freeze([
  folderNotWritable,
  openToOthers,
  ...databaseChecks,
  orphanedJournal,
  abandonedDraft,
  openFilesLimit,
]);
