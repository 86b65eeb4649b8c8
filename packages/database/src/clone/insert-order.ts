import type { CopiedColumn, CopiedReference, CopiedTable } from "./copy-dialect.ts";

/** How rows can be inserted without breaking a reference on the way. */
export interface InsertOrder {
  /** Tables that others refer to before the others. */
  readonly tables: readonly CopiedTable[];
  /** Columns of references that run in a circle: left empty at first. */
  readonly later: ReadonlyMap<CopiedTable, readonly CopiedColumn[]>;
  /** Tables whose rows cannot be inserted one after the other. */
  readonly stuck: readonly CopiedTable[];
}

/**
 * Orders tables for insertion by their foreign keys: next comes a table whose references all lead to what is there, else
 * one of which only those do that may not be empty.
 */
export function insertOrder(tables: readonly CopiedTable[]): InsertOrder {
  const ordered: CopiedTable[] = [];
  const later = new Map<CopiedTable, readonly CopiedColumn[]>();
  const waiting = new Set(tables);
  const names = new Set(tables.map(({ name }) => name));
  for (let next = choose(); next !== undefined; next = choose()) {
    waiting.delete(next);
    const empty = missing(next).flatMap(({ columns }) => fillable(next, columns));
    if (empty.length > 0) later.set(next, [...new Set(empty)]);
    names.delete(next.name);
    ordered.push(next);
  }
  return { tables: ordered, later, stuck: [...waiting] };

  function choose(): CopiedTable | undefined {
    const left = [...waiting];
    return (
      left.find((table) => missing(table).length === 0) ??
      left.find((table) => missing(table).every((one) => fillable(table, one.columns).length > 0))
    );
  }

  /** References to what is not there yet, the table itself included. */
  function missing({ references }: CopiedTable): readonly CopiedReference[] {
    return references.filter(({ table }) => names.has(table));
  }
}

/** Columns that may be empty at first, in a table whose rows can be found again. */
function fillable({ columns, key }: CopiedTable, names: readonly string[]): CopiedColumn[] {
  if (key.length === 0) return [];
  return columns.filter(({ name, required }) => names.includes(name) && !required);
}
