import { extname } from "node:path";

export type RowFormat = "jsonl" | "csv";

/** The form that was asked for, or that the name of a file tells; JSON lines where nothing does. */
export function rowFormat(wanted: RowFormat | undefined, path: string | undefined): RowFormat {
  if (wanted !== undefined) return wanted;
  return extname(path ?? "").toLowerCase() === ".csv" ? "csv" : "jsonl";
}
