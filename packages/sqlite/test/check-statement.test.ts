import { UnscopedSqlError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { changesSettings, checkStatement } from "../src/check-statement.ts";

it.each([
  "attach 'x' as y",
  "ATTACH DATABASE 'x' AS y",
  " \t\r\n\fattach 'x' as y",
  "\uFEFFattach 'x' as y",
  ";;attach 'x' as y",
  "-- comment\nattach 'x' as y",
  "/* a */ /* b */ -- c\n;attach 'x' as y",
  "vacuum into 'copy'",
  "VACUUM main INTO 'copy'",
  "vacuum\n/* hidden */ into 'copy'",
])("refuses %j", (sql) => {
  expect(() => checkStatement(sql)).toThrow(UnscopedSqlError);
});

it.each([
  "",
  "select 'attach'",
  "alter table attached add column into_it text",
  "analyze",
  "vacuum",
  "values (1)",
  "-- attach\nselect 1",
  "/* attach 'x' as y",
  "insert into note values ('vacuum into')",
  "with attach as (select 1) select * from attach",
])("lets %j pass", (sql) => {
  expect(() => checkStatement(sql)).not.toThrow();
});

it.each([
  "pragma foreign_keys = off",
  "PRAGMA foreign_keys(0)",
  "pragma main.cache_size=1",
  "pragma/* hidden */journal_mode /* = */ = wal",
  ' ; pragma "writable_schema" = on',
])("sees %j change a setting", (sql) => {
  expect(changesSettings(sql)).toBe(true);
});

it.each([
  "pragma foreign_keys",
  "pragma table_info(note)",
  "pragma main.index_list('note')",
  "pragma user_version = 3",
  "select 'pragma foreign_keys = off'",
  "update pragmas set a = 1",
])("sees %j change none", (sql) => {
  expect(changesSettings(sql)).toBe(false);
});
