import { type Duplex, pipeline, Readable } from "node:stream";
import type { InfoRecord } from "csv-parse";
import { unguardCell } from "./csv-cells.ts";
import { DataFormatError, DataLimitError } from "./data-errors.ts";
import type { DataField } from "./data-field.ts";
import type { EntityShape } from "./data-shape.ts";
import type { InputLine } from "./input-row.ts";
import type { InputRules } from "./jsonl-input.ts";
import type { JsonValue } from "./value-kind.ts";

/** A cell; `null` where nothing stands between the commas, which an empty text in quotes is not. */
type Cell = string | null;

interface CsvRecord {
  readonly cells: readonly Cell[];
  /** In which it begins. */
  readonly line: number;
}

/** Reads the rows of one entity from CSV (RFC 4180), whose first line names the properties. */
export async function* csvRows(
  text: AsyncIterable<string>,
  { maxLineBytes, tenantColumn }: InputRules,
  shape: EntityShape,
): AsyncGenerator<InputLine> {
  let columns: Columns | undefined;
  for await (const { cells, line } of csvRecords(text, maxLineBytes)) {
    if (columns === undefined) {
      columns = columnsOf(cells, shape, tenantColumn);
      for (const column of columns.unknown) {
        const issue = { line, entity: shape.name, column, message: "there is no such property" };
        yield { issue: { ...issue, code: "UNKNOWN_COLUMN" } };
      }
    } else yield rowOf(cells, line, columns, shape);
  }
  if (columns === undefined) {
    throw new DataFormatError("it is empty", "let its first line name the columns", 1);
  }
}

interface Columns {
  readonly fields: readonly (DataField | undefined)[];
  readonly unknown: readonly string[];
}

function columnsOf(
  header: readonly Cell[],
  { byName }: EntityShape,
  tenantColumn: string | undefined,
): Columns {
  const names = header.map((cell) => cell ?? "");
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) {
    const what = `the column ${JSON.stringify(doubled.slice(0, 64))} stands there twice`;
    throw new DataFormatError(what, "leave one of them out", 1);
  }
  const unknown = names.filter((name) => !byName.has(name) && name !== tenantColumn);
  return { fields: names.map((name) => byName.get(name)), unknown };
}

function rowOf(
  record: readonly Cell[],
  line: number,
  { fields }: Columns,
  shape: EntityShape,
): InputLine {
  const entity = shape.name;
  if (record.length !== fields.length) {
    const message = `it has ${record.length} cells and the first line has ${fields.length}`;
    return { issue: { line, entity, code: "MALFORMED", message } };
  }
  const values: [string, JsonValue][] = [];
  let bytes = 0;
  for (const [index, field] of fields.entries()) {
    if (field === undefined) continue;
    const cell = record[index] ?? null;
    bytes += cell?.length ?? 0;
    const value = cellValue(cell, field);
    if (value === undefined) {
      const message = `it has to be ${field.expected}`;
      return { issue: { line, entity, column: field.name, code: "INVALID_VALUE", message } };
    }
    values.push([field.name, value]);
  }
  return { row: { line, shape, bytes, isLink: false, values: Object.fromEntries(values) } };
}

/** Spreadsheets write an empty text without quotes. */
function cellValue(cell: Cell, { nullable, required, isText, fromText }: DataField) {
  if (cell !== null) return fromText(unguardCell(cell));
  return !nullable && required && isText ? "" : null;
}

/** Gives records with the line in which each begins. */
async function* csvRecords(
  text: AsyncIterable<string>,
  maxLineBytes: number,
): AsyncGenerator<CsvRecord> {
  const { CsvError, parse } = await import("csv-parse");
  let next = 1;
  const parser: AsyncIterable<CsvRecord> & Duplex = parse({
    ...{ relax_column_count: true, skip_empty_lines: true },
    max_record_size: maxLineBytes,
    record_delimiter: ["\r\n", "\n"],
    cast: (cell, { quoting }) => (quoting || cell !== "" ? cell : null),
    // What it gives is what comes out, whatever its type says.
    on_record(cells: readonly Cell[], { lines }: InfoRecord): never {
      const line = next;
      next = lines + 1;
      return { cells, line } as never;
    },
  });
  // What goes wrong in either comes out of the parser.
  pipeline(Readable.from(pieces(text)), parser, () => undefined);
  try {
    yield* parser;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { readonly lines?: number };
    if (error.code === "CSV_MAX_RECORD_SIZE") {
      throw new DataLimitError("maxLineBytes", maxLineBytes, lines);
    }
    throw new DataFormatError("its quotes do not match", "double each quote in quotes", lines, {
      cause: error,
    });
  }
}

/** The parser gives all records of a piece at once. */
async function* pieces(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const chunk of text) {
    const bytes = Buffer.from(chunk);
    for (let start = 0; start < bytes.length; start += pieceLength) {
      yield bytes.subarray(start, start + pieceLength);
    }
  }
}

const pieceLength = 4096;
