import { expect, it } from "vitest";
import { statementHead } from "../src/connection/query-channel.ts";

it.each([
  ["insert into `note` (`text`)\n  values ('secret')", "insert into `note` (`text`) …"],
  ['select "n0".* from "note" as "n0" where "n0"."id" = 5', 'select "n0".* from "note" as "n0" …'],
  ['update note set text = "secret"', "update note …"],
  ["select 'secret' as text", "select …"],
  ["select $$secret$$", "select …"],
  ["select $tag$secret$tag$", "select …"],
  ["select * from note LIMIT 5", "select * from note …"],
  ["delete from note", "delete from note"],
])("S068: of %s no value is told", (sql, head) => {
  expect(statementHead(sql)).toBe(head);
});
