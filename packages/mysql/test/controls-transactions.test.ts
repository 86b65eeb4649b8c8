import { expect, it } from "vitest";
import { controlsTransactions } from "../src/controls-transactions.ts";

it.each([
  "commit",
  "/* a */ COMMIT",
  "-- a\ncommit",
  "# a\ncommit",
  "/*! commit */",
  "/*M!100100 commit */",
  "/* a *//*!50000 commit */",
  "/* open",
  "set autocommit = 1",
  "begin not atomic commit; end",
  "if 1 then commit; end if",
  "analyze table note",
  "analyze /* a */ table note",
  "flush tables",
  "create table t (id int)",
  "select text from note into outfile '/tmp/notes'",
  "select text into /*! outfile */ '/tmp/notes' from note",
  "select text /*M!100100 into */ /*!99999 a */ outfile '/tmp/notes' from note",
  "select text into /* a */ DUMPFILE '/tmp/note' from note",
])("sees %j end or change a transaction", (sql) => {
  expect(controlsTransactions(sql)).toBe(true);
});

it.each([
  "select 1",
  "(select 1) union (select 2)",
  "/* ; commit */ select '; commit'",
  "-- commit\nselect 1",
  "# commit\n with a as (select 1) select * from a",
  "show tables",
  "analyze format=json select 1",
  "update note set text = ''",
  "select /*!40001 sql_no_cache */ text from note",
  `select 1 into ${"/* a */ ".repeat(500)}@x`,
])("lets %j pass", (sql) => {
  expect(controlsTransactions(sql)).toBe(false);
});
