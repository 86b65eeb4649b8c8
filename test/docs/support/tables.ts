import type { Page } from "./page.ts";
import { proseOf } from "./prose.ts";

/** A table of a page. */
export interface Table {
  readonly page: Page;
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** One row of a table. */
interface Row {
  /** Line in the page, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Finds the tables of a page. */
export function tablesOf(page: Page): Table[] {
  const lines = proseOf(page);
  const tables: Table[] = [];
  for (let i = 1; i < lines.length; i++) {
    if (!/^\s*\|(\s*:?-+:?\s*\|)+\s*$/.test(lines[i] ?? "")) continue;
    const rows: Row[] = [];
    const header = cellsOf(lines[i - 1] ?? "");
    for (i++; (lines[i] ?? "").trimStart().startsWith("|"); i++) {
      rows.push({ line: i + 1, cells: cellsOf(lines[i] ?? "") });
    }
    tables.push({ page, header, rows });
  }
  return tables;
}

/** Gives the text of a cell that is one piece of code, and of any other cell as it is. */
export function bareCell(cell: string | undefined): string {
  return /^`([^`]*)`$/.exec(cell ?? "")?.[1] ?? cell ?? "";
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
