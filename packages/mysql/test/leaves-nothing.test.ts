import { expect, it } from "vitest";
import { leavesNothing } from "../src/leaves-nothing.ts";

it.each([
  "select 1",
  "SELECT * FROM `note` WHERE `mail` = 'a@example.com'",
  "\n  insert into `note` (`id`) values (1)",
  "update `note` set `text` = 'x'",
  "delete from `note`",
  "replace into note values (1)",
  "with recursive n as (select 1) select * from n",
  "select `n0`.* from `note` as `n0` where `n0`.`id` = 1 for update",
])("knows that nothing is left of: %s", (sql) => {
  expect(leavesNothing(sql)).toBe(true);
});

it.each([
  "use other",
  "  uSe other",
  "/* select */ use other",
  "/*!50000 use other */",
  "-- select\nuse other",
  "# select\nuse other",
  "call procedure()",
  "execute immediate 'use other'",
  "begin",
  "set names latin1",
  "selection",
  "select @a := 1",
  "select 1 into @a",
  "select 1 into/**/@a",
  "select 1 into -- who?\n@a",
  "select 1 /*!50000 into*/ @a",
  "select 1 /*M! into @a */",
  "select get_lock('a', 0)",
  "select GET_LOCK ('a', 0)",
  "lock tables note write",
  "create temporary table t (id int)",
  "prepare s from 'use other'",
  "xa start 'a'",
  "",
])("supposes that something may be left of: %s", (sql) => {
  expect(leavesNothing(sql)).toBe(false);
});
