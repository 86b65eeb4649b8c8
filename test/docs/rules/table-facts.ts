import type { Page } from "../support/page.ts";
import { bareCell, tablesOf } from "../support/tables.ts";
import type { Fact } from "./differences.ts";

/**
 * Reads the rows of every table whose first column is called `title`: the name from that column, what is said from the
 * `says` columns.
 */
export function tableFacts(page: Page, title: string, says: readonly string[] = []): Fact[] {
  return tablesOf(page)
    .filter(({ header }) => header[0] === title)
    .flatMap(({ header, rows }) =>
      rows.map(({ line, cells }) => ({
        name: bareCell(cells[0]),
        says: says.map((column) => bareCell(cells[header.indexOf(column)])).join(" "),
        at: `${page.path}:${line}`,
      })),
    );
}
