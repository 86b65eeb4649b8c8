import type { DatabasesPatient, DoctorCheck } from "@af-tenancy/database";
import type { JournalMode } from "../sqlite-options.ts";

/** A folder of tenant files, and what this process means to do with it. */
export interface SqlitePatient extends DatabasesPatient {
  readonly folder: string;
  readonly journalMode: JournalMode;
  readonly maxOpen: number;
}

/** A check of this driver. */
export type SqliteCheck = DoctorCheck<SqlitePatient>;
