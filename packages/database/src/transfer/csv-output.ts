import { guardCell } from "./csv-cells.ts";
import type { EntityShape } from "./data-shape.ts";
import type { JsonRow } from "./row-pages.ts";

/** Writes rows as CSV (RFC 4180), or the names of their properties where none are given. */
export async function csvPage({ fields }: EntityShape, rows?: readonly JsonRow[]): Promise<string> {
  const { stringify } = await import("csv-stringify/sync");
  const cells =
    rows === undefined
      ? [fields.map(({ name }) => name)]
      : rows.map((row) =>
          fields.map(({ name, toText }) => {
            const value = row[name] ?? null;
            return value === null ? null : guardCell(toText(value));
          }),
        );
  // An empty text is quoted, so that it is not taken for nothing.
  return stringify(cells, { record_delimiter: "windows", quoted_match: /^$|[\r\n]/ });
}
