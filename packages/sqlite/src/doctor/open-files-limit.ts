import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { JournalMode } from "../sqlite-options.ts";
import type { SqliteCheck } from "./sqlite-patient.ts";

/** The system limits how many files a process may have open, and refuses the next one. */
export const openFilesLimit: SqliteCheck = {
  id: "sqlite/open-files-limit",
  severity: "error",
  remedy: "Raise the limit of open files (`ulimit -n`, LimitNOFILE of systemd), or lower maxOpen.",

  async look({ journalMode, maxOpen }) {
    const allowed = await limit();
    const needed = maxOpen * filesPerTenant(journalMode) + others;
    if (needed <= allowed) return [];
    const message = `${maxOpen} tenants in journal mode "${journalMode}" take up to ${needed} open files; ${allowed} are allowed.`;
    return [{ subject: "this process", message }];
  },
};

/** The file and its journal, in WAL mode also the index of the latter. */
function filesPerTenant(mode: JournalMode): number {
  return mode === "wal" ? 3 : 2;
}

/** What else a process has open: sockets, libraries, logs, the registry. */
const others = 100;

async function limit(): Promise<number> {
  const { stdout } = await promisify(execFile)("sh", ["-c", "ulimit -n"]);
  const value = stdout.trim();
  return value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
}
