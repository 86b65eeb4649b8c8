import type { EntityProperty } from "@mikro-orm/sql";
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
  const ordered: RowTable[] = [];
  const unset: { table: RowTable; columns: readonly string[] }[] = [];
  const state = new Map<RowTable, "open" | "done">();

  function visit(table: RowTable): void {
    state.set(table, "open");
    for (const { table: target, columns, nullable } of referencesOf(table, tables)) {
      if (state.get(target) === undefined) visit(target);
      else if (state.get(target) === "open" && nullable) unset.push({ table, columns });
    }
    state.set(table, "done");
    ordered.unshift(table);
  }

  for (const table of tables) if (state.get(table) === undefined) visit(table);
  return { tables: ordered, unset };
}

interface TableReference {
  readonly table: RowTable;
  readonly columns: readonly string[];
  readonly nullable: boolean;
}

function referencesOf({ meta }: RowTable, tables: readonly RowTable[]): TableReference[] {
  return meta.relations.filter(hasForeignKey).flatMap(({ targetMeta, joinColumns, nullable }) => {
    const target = tables.find(({ name }) => name === targetMeta?.tableName);
    return target === undefined
      ? []
      : [{ table: target, columns: joinColumns, nullable: nullable === true }];
  });
}

function hasForeignKey({ kind, owner }: EntityProperty): boolean {
  return kind === "m:1" || (kind === "1:1" && owner === true);
}
