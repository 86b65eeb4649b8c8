import { TenancyError } from "@af-tenancy/core";
import type { RowIssue } from "./row-issue.ts";

/** Thrown when what is to be imported cannot be read any further: a wrong encoding, U+0000, or quotes that do not match. */
export class DataFormatError extends TenancyError {
  readonly code = "DATA_FORMAT";
  override readonly status = 422;
  override readonly publicMessage: string;
  /** The line in which it stands, from 1; `undefined` where it is not known. */
  readonly line: number | undefined;

  constructor(what: string, remedy: string, line?: number, options?: ErrorOptions) {
    const where = line === undefined ? "" : `Line ${line}: `;
    super(`${where}${what}. Nothing after it can be read: ${remedy}.`, options);
    this.publicMessage = `${where}${what}: ${remedy}.`;
    this.line = line;
  }
}

/** Thrown when what is imported or exported is more than a limit of the call allows. */
export class DataLimitError extends TenancyError {
  readonly code = "DATA_LIMIT";
  override readonly status = 413;
  override readonly publicMessage: string;
  /** The line that goes beyond it, from 1; `undefined` where there are none. */
  readonly line: number | undefined;

  constructor(limit: "maxLineBytes" | "maxRows", most: number, line?: number) {
    const where = line === undefined ? "" : `Line ${line}: `;
    const what = limit === "maxRows" ? `more than ${most} rows` : `more than ${most} bytes`;
    super(`${where}${what}. Send less at once, or raise ${limit}.`);
    this.publicMessage = `${where}${what}.`;
    this.line = line;
  }
}

/** Thrown at the first row that cannot be imported or copied, unless such rows are to be skipped. */
export class InvalidRowError extends TenancyError {
  readonly code = "INVALID_ROW";
  override readonly status = 422;
  override readonly publicMessage: string;
  readonly issue: RowIssue;

  constructor(issue: RowIssue, options?: ErrorOptions) {
    const { line, entity, column, message } = issue;
    const names = [entity, column].filter((name) => name !== undefined).join(".");
    const what = `Line ${line}${names === "" ? "" : ` (${names})`}: ${message}`;
    super(`${what}. Mend the row, or have such rows skipped with onInvalid: "skip".`, options);
    this.publicMessage = `${what}.`;
    this.issue = issue;
  }
}
