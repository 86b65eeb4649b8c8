import { InvalidInputError } from "@af-tenancy/core";

/**
 * Throws `InvalidInputError` for a statement with half of a surrogate pair: it would be sent as U+FFFD, and what is read
 * would not be what was written. For drivers, because MikroORM writes values into the statement.
 */
export function checkWellFormed(sql: string): void {
  if (sql.isWellFormed()) return;
  throw new InvalidInputError(
    "text",
    "a text with half a surrogate pair",
    "leave out characters that were cut in half",
  );
}
