import {
  ConstraintViolationException,
  DriverException,
  ForeignKeyConstraintViolationException,
  NotNullConstraintViolationException,
  UniqueConstraintViolationException,
} from "@mikro-orm/core";
import type { RowIssue } from "./row-issue.ts";

/** What a database's refusal says of the row that it refused; `undefined` when the row is not what is wrong. */
export function databaseIssue(error: unknown, line: number, entity: string): RowIssue | undefined {
  if (error instanceof UniqueConstraintViolationException) {
    return { line, entity, code: "DUPLICATE", message: "its key or a unique value is taken" };
  }
  if (error instanceof ForeignKeyConstraintViolationException) {
    return { line, entity, code: "MISSING_REFERENCE", message: "it refers to what is not there" };
  }
  if (error instanceof NotNullConstraintViolationException) {
    return { line, entity, code: "MISSING_VALUE", message: "a value that has to be there is not" };
  }
  if (error instanceof ConstraintViolationException) {
    return { line, entity, code: "CONFLICT", message: "a rule of the database refuses it" };
  }
  if (error instanceof DriverException && isDataException(error)) {
    return { line, entity, code: "INVALID_VALUE", message: tooMuch };
  }
  return undefined;
}

const tooMuch =
  "the database does not take one of its values, which is too long, too large or of another kind";

/** SQLSTATE class 22, which PostgreSQL and MySQL tell under other names. */
function isDataException(error: DriverException): boolean {
  const { code, sqlState } = error as { readonly code?: unknown; readonly sqlState?: unknown };
  const state = typeof sqlState === "string" ? sqlState : code;
  return typeof state === "string" && /^22[0-9A-Z]{3}$/.test(state);
}
