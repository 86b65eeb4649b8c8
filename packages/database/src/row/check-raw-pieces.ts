import { isRaw } from "@mikro-orm/sql";
import { UnscopedSqlError } from "../errors.ts";
import type { NativeQuery, Piece, QueryParts } from "./scope-query.ts";
import type { ScopedSql } from "./scoped-sql.ts";

/**
 * Looks at the places of a query in which an application's raw fragments may stand, before the tenant's condition is
 * put beside them: throws `UnscopedSqlError` when one of them would not stay in its place.
 */
export function checkRawPieces({ options, platform }: NativeQuery, signing: ScopedSql): void {
  const write = ({ sql, params }: Piece) => platform.formatQuery(sql, params);
  for (const condition of [options.where, options.onConflict?.where]) {
    if (condition !== undefined) signing.checkPiece(write(condition), "condition");
  }
  for (const join of options.joins ?? []) signing.checkPiece(write(join), "join");
  for (const value of rawValues(options)) {
    if (isRaw(value))
      signing.checkPiece(write({ sql: value.sql, params: [...value.params] }), "value");
  }
  for (const comment of [...(options.comment ?? []), ...(options.hintComment ?? [])]) {
    if (comment.includes("*/")) throw new UnscopedSqlError(`The comment "${comment}"`);
  }
  const { indexHint } = options;
  if (indexHint !== undefined && !plainHint.test(indexHint)) {
    throw new UnscopedSqlError(`The index hint "${indexHint}"`);
  }
}

function rawValues({ data, onConflict }: QueryParts): unknown[] {
  const rows = Array.isArray(data) ? data : [data];
  const merge = onConflict?.merge;
  return [...rows, typeof merge === "object" ? merge : undefined].flatMap((row) =>
    Object.values(row ?? {}),
  );
}

const plainHint =
  /^(?:(?:use|force|ignore) (?:index|key) ?\([\w`, ]+\)|indexed by [\w"`]+|not indexed)$/i;
