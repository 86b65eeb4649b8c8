import { expect, it } from "vitest";
import { controlsTransactions } from "../src/controls-transactions.ts";

it.each([
  "commit",
  "COMMIT",
  "  -- done\n rollback",
  "/* a */ /* b */begin",
  "/* a /* b */ */ end",
  "select 1; commit; delete from note",
  "select 1 /* ' */; commit; select 1 /* ' */",
  "select 1 -- '\n; commit; select 1 -- '",
  'select 1 /* " */; commit; select 1 /* " */',
  "select 1 /* $$ */; commit; select 1 /* $$ */",
  "select ';' ; set session characteristics as transaction read write",
  "select 'it''s'; end",
  "select '\\'; commit; --'",
  "select '\\'' ; commit; select '\\''",
  "select E'\\''; commit; select '\\''",
  "select `; commit; select `",
  "select 1; select 'open",
  "select set_config('client_encoding', 'SJIS', false)",
  "start transaction read write",
  "create table t (id int)",
  "call procedure()",
])("sees %j end or change a transaction", (sql) => {
  expect(controlsTransactions(sql)).toBe(true);
});

it.each([
  "",
  "select 1",
  "select * from commits; select 2",
  "select '; commit'",
  'select "; commit" from t',
  "select $$; commit$$",
  "select $a$; commit; $$ $a$",
  "select 'it''s; commit'",
  "select 1 /* ; commit */; -- ; commit",
  "select E'\\'; commit'",
  "settle",
  "select set_config('app.user', '7', true)",
])("lets %j pass", (sql) => {
  expect(controlsTransactions(sql)).toBe(false);
});
