import { expect, it } from "vitest";
import { controlsTransactions } from "../src/connection/transaction-control.ts";

it.each([
  "commit",
  "COMMIT",
  "  -- done\n rollback",
  "/* a */ /* b */begin",
  "select 1; commit; delete from note",
  "select ';' ; set session characteristics as transaction read write",
  "select 'it''s'; end",
  "start transaction read write",
  "create table t (id int)",
  "call procedure()",
])("sees %j end or change a transaction", (sql) => {
  expect(controlsTransactions(sql)).toBe(true);
});

it.each([
  "select 1",
  "select * from commits; select 2",
  "select '; commit'",
  'select "; commit" from t',
  "select `; commit` from t",
  "select $$; commit$$",
  "select $a$; commit; $$ $a$",
  "select 'it''s; commit'",
  "settle",
])("lets %j pass", (sql) => {
  expect(controlsTransactions(sql)).toBe(false);
});
