/** Why a row was not imported or copied. */
export interface RowIssue {
  /** Where it stands: the line of the file, from 1, or the number of the row among those that are copied. */
  readonly line: number;
  /** The name of its entity, once that is known. */
  readonly entity?: string | undefined;
  /** The property that is wrong, where it is a single one. */
  readonly column?: string | undefined;
  readonly code: RowIssueCode;
  /** What is wrong with it, in words for whoever made the file; no value of it stands there. */
  readonly message: string;
}

/**
 * What can be wrong with a row: `MALFORMED` it cannot be read; `UNKNOWN_ENTITY` and `UNKNOWN_COLUMN` there is no such
 * entity or property; `MISSING_VALUE` it has to have one; `INVALID_VALUE` it is of another type; `REFUSED` by the
 * application's `validate`; `DUPLICATE` a key or a unique value is taken; `MISSING_REFERENCE` it refers to what is not
 * there; `CONFLICT` the database refuses it by another rule.
 */
export type RowIssueCode =
  | "MALFORMED"
  | "UNKNOWN_ENTITY"
  | "UNKNOWN_COLUMN"
  | "MISSING_VALUE"
  | "INVALID_VALUE"
  | "REFUSED"
  | "DUPLICATE"
  | "MISSING_REFERENCE"
  | "CONFLICT";
