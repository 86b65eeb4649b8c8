import { expect, it } from "vitest";
import { statementHead } from "../src/connection/query-channel.ts";

it.each([
  ["select 4711 as card", "select …"],
  ["select `a1`, -4711 from note", "select `a1`, - …"],
  [
    "select n1.id from note n1 join note m on m.id = 4711",
    "select n1.id from note n1 join note m on m.id = …",
  ],
  ["select id from note order by id=4711", "select id from note order by id= …"],
  ["call refund(4711)", "call refund( …"],
  ["/* secret */ select 1", "…"],
  ["select id from note -- secret", "select id from note …"],
  ["select id from note # secret", "select id from note …"],
  ['select "secret" from note', "select …"],
  ["insert into `note` (`text`)\n  values ('secret')", "insert into `note` (`text`) …"],
  ['update note set text = "secret"', "update note …"],
  ["select 'secret' as text", "select …"],
  ["select $$secret$$", "select …"],
  ["select $tag$secret$tag$", "select …"],
  ["select * from note LIMIT 5", "select * from note …"],
  ["delete from note", "delete from note"],
])("S068: of %s no value is told", (sql, head) => {
  expect(statementHead(sql, "`")).toBe(head);
});

it("S068: names in double quotes are told where no text stands in them", () => {
  const sql = 'select "n0".*, "2nd" from "note" as "n0" where "n0"."id" = $1';

  expect(statementHead(sql, '"')).toBe('select "n0".*, "2nd" from "note" as "n0" …');
  expect(statementHead(sql, "`")).toBe("select …");
});
