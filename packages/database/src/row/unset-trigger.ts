import type { AbstractSqlPlatform, DatabaseTable, ForeignKey, SqlTriggerDef } from "@mikro-orm/sql";

/** Makes the trigger that unsets references to a row before it goes, in its tenant's rows only. */
export function unsetTrigger(
  table: DatabaseTable,
  { constraintName, columnNames, referencedColumnNames }: ForeignKey,
  referenced: DatabaseTable,
  column: string,
  platform: AbstractSqlPlatform,
): SqlTriggerDef {
  const quote = (name: string) => platform.quoteIdentifier(name);
  const unset = columnNames.map((name) => `${quote(name)} = null`).join(", ");
  const isOld = (name: string, index: number) =>
    `${quote(name)} = old.${quote(referencedColumnNames[index] ?? name)}`;
  const which = [`${quote(column)} = old.${quote(column)}`, ...columnNames.map(isOld)].join(
    " and ",
  );
  const name = `${constraintName}_unset`;
  const update = `update ${table.getQuotedName()} set ${unset} where ${which}`;
  const expression = `create trigger ${quote(name)} before delete on ${referenced.getQuotedName()} for each row begin ${update}; end`;
  return { name, timing: "before", events: ["delete"], forEach: "row", body: update, expression };
}
