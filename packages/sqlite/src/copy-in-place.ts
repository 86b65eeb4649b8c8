import type { InPlaceDialect } from "@af-tenancy/database";

/** How rows are copied within the file that tenants share. */
export const copyInPlace = Object.freeze<InPlaceDialect>({
  settings: ["pragma defer_foreign_keys = on"],
  async columns(run, table) {
    const name = table.replaceAll("'", "''");
    const found = await run<{ readonly name: string }>(
      `select name from pragma_table_xinfo('${name}') where hidden = 0 order by cid`,
    );
    return found.map((one) => one.name);
  },
  last: (table, where, after, limit) =>
    `select max(number) as last from (select rowid as number from ${table} where ${where} and rowid > ${after} order by rowid limit ${limit})`,
  between: (after, last) => `rowid > ${after} and rowid <= ${last}`,
});
