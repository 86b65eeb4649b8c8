import { expect, it } from "vitest";
import { keptStatement } from "../../src/migrations/kept-statement.ts";

it.each([
  ["create unique index one on note (text)", "create unique index one on note (text)"],
  ["insert into note (id, text) values (1, 'a row')", "insert into note (id, text) values (1, …"],
  ["create user jo password $$hunter2$$", "create user jo password …"],
  ["do $body$ select 'hunter2' $body$", "do …"],
  ["alter table note add a int default $1", "alter table note add a int default $1"],
])("S033: of %s no text is kept", (sql, kept) => {
  expect(keptStatement(sql)).toBe(kept);
});
