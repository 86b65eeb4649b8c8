import { hasForeignKey, type OrderedReference, referenceOrder } from "./reference-order.ts";
import type { RowTable } from "./row-tables.ts";

/** How the rows of a tenant can be removed without breaking a reference on the way. */
export interface DeleteOrder {
  /** Tables whose rows refer to others before the others. */
  readonly tables: readonly RowTable[];
  /** References that run in a circle and have to be unset first. */
  readonly unset: readonly { readonly table: RowTable; readonly columns: readonly string[] }[];
}

/** Orders tables for removal by their foreign keys. */
export function deleteOrder(tables: readonly RowTable[]): DeleteOrder {
  const { ordered, circular } = referenceOrder(tables, (table) => referencesOf(table, tables));
  return {
    tables: ordered.toReversed(),
    unset: circular.map(({ from, reference: { columns } }) => ({ table: from, columns })),
  };
}

interface TableReference extends OrderedReference<RowTable> {
  readonly columns: readonly string[];
}

function referencesOf({ meta }: RowTable, tables: readonly RowTable[]): TableReference[] {
  return meta.relations.filter(hasForeignKey).flatMap(({ targetMeta, joinColumns, nullable }) => {
    const target = tables.find(({ name }) => name === targetMeta?.tableName);
    return target === undefined
      ? []
      : [{ target, columns: joinColumns, optional: nullable === true }];
  });
}
