import { DataLimitError } from "./data-errors.ts";
import type { EntityShape } from "./data-shape.ts";
import type { InputLine, InputRow } from "./input-row.ts";
import type { RowIssueCode } from "./row-issue.ts";

/** What a reader of files has to know. */
export interface InputRules {
  /** The one entity of the file, where its rows do not name one. */
  readonly only: EntityShape | undefined;
  /** The entities whose rows are imported, by their names. */
  readonly shapes: ReadonlyMap<string, EntityShape>;
  readonly tenantColumn: string | undefined;
  readonly maxLineBytes: number;
}

/** Reads a row from each line of JSON. */
export async function* jsonlRows(
  text: AsyncIterable<string>,
  rules: InputRules,
): AsyncGenerator<InputLine> {
  let line = 0;
  for await (const content of lines(text, rules.maxLineBytes)) {
    line += 1;
    if (content.trim() !== "") yield rowOf(content, line, rules);
  }
}

/** A line that is too long is refused before it is there as a whole. */
async function* lines(text: AsyncIterable<string>, most: number): AsyncGenerator<string> {
  let line = 0;
  let begun = "";
  const checked = (content: string) => {
    line += 1;
    if (Buffer.byteLength(content) > most) throw new DataLimitError("maxLineBytes", most, line);
    return content;
  };
  for await (const chunk of text) {
    let start = 0;
    let end = chunk.indexOf("\n");
    while (end >= 0) {
      yield checked(begun + chunk.slice(start, end));
      begun = "";
      start = end + 1;
      end = chunk.indexOf("\n", start);
    }
    begun += chunk.slice(start);
    if (begun.length > most) throw new DataLimitError("maxLineBytes", most, line + 1);
  }
  if (begun !== "") yield checked(begun);
}

function rowOf(content: string, line: number, { only, shapes }: InputRules): InputLine {
  const wrong = (code: RowIssueCode, message: string) => ({ issue: { line, code, message } });
  const parsed = objectOf(content);
  if (parsed === undefined) return wrong("MALFORMED", "it is no JSON object");
  const row = (shape: EntityShape, values: object, isLink: boolean) => ({
    row: { line, shape, bytes: content.length, isLink, values: values as InputRow["values"] },
  });
  if (only !== undefined && !("entity" in parsed)) return row(only, parsed, false);
  const { entity, row: values, link } = parsed;
  const shape = typeof entity === "string" ? shapes.get(entity) : undefined;
  if (shape === undefined) {
    return wrong("UNKNOWN_ENTITY", "its entity is none of those that are imported");
  }
  if (isObject(values)) return row(shape, values, false);
  if (isObject(link)) return row(shape, link, true);
  return wrong("MALFORMED", 'it has neither "row" nor "link"');
}

function objectOf(content: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return isObject(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
