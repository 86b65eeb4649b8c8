import type { EntityShape } from "./data-shape.ts";
import type { RowIssue, RowIssueCode } from "./row-issue.ts";
import type { JsonValue } from "./value-kind.ts";

/** A row of a file before its values are looked at. */
export interface InputRow {
  readonly line: number;
  readonly shape: EntityShape;
  /** How many bytes it takes in the file, about. */
  readonly bytes: number;
  /** It says the references of a row that came before. */
  readonly isLink: boolean;
  readonly values: Readonly<Record<string, JsonValue | undefined>>;
}

/** What a line of a file is: a row, or why it is none. */
export type InputLine = { readonly row: InputRow } | { readonly issue: RowIssue };

/** A row's values as MikroORM takes them, or what is wrong with them. */
export type ReadRow =
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly issue: RowIssue };

/** Looks at the values of a row. */
export function readRow(
  { line, shape, values: given, isLink }: InputRow,
  tenantColumn: string | undefined,
): ReadRow {
  const entity = shape.name;
  const wrong = (column: string, code: RowIssueCode, message: string) => ({
    issue: { line, entity, column, code, message },
  });
  const fields = isLink ? [...shape.keys, ...shape.links] : shape.fields;
  const known = isLink ? new Set(fields.map(({ name }) => name)) : shape.byName;
  for (const name of Object.keys(given)) {
    // Whose the row is says the scope that it is imported in.
    if (known.has(name) || (name === tenantColumn && !shape.byName.has(name))) continue;
    return wrong(name, "UNKNOWN_COLUMN", "there is no such property");
  }
  const values: [string, unknown][] = [];
  for (const { name, nullable, required, isKey, decode, expected } of fields) {
    const value = given[name];
    if (value === null && nullable) values.push([name, null]);
    else if (value === undefined || value === null) {
      if (isLink ? isKey : required) return wrong(name, "MISSING_VALUE", "it has to have a value");
    } else {
      const decoded = decode(value);
      if (decoded === undefined) return wrong(name, "INVALID_VALUE", `it has to be ${expected}`);
      values.push([name, decoded]);
    }
  }
  return { values: Object.fromEntries(values) };
}
