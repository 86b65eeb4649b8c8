import { join } from "node:path";
import { expect, it } from "vitest";
import { PreparedStatements } from "../src/prepared-statements.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const selectNumber = (number: number) => `select ${number} as number`;

it("gives the same statement for the same SQL, with the parameters of each run", () => {
  const statements = inMemory();
  const sql = "select ? as text";
  const first = statements.get(sql);

  expect(first.all(["one"])).toEqual([{ text: "one" }]);
  expect(statements.get(sql)).toBe(first);
  expect(statements.get(sql).all(["two"])).toEqual([{ text: "two" }]);
});

it("keeps what was run last, and no more than sixteen", () => {
  const statements = inMemory();
  const oldest = statements.get(selectNumber(0));
  const second = statements.get(selectNumber(1));
  for (let number = 2; number < 16; number++) statements.get(selectNumber(number));
  expect(statements.get(selectNumber(0))).toBe(oldest);

  statements.get(selectNumber(16));

  expect(statements.get(selectNumber(0))).toBe(oldest);
  expect(statements.get(selectNumber(1))).not.toBe(second);
});

it.each([
  ["a pragma, which may do its work when it is prepared", "pragma user_version"],
  ["SQL with many rows in it", `select '${"x".repeat(2_000)}' as text`],
])("keeps no %s", (_, sql) => {
  const statements = inMemory();

  expect(statements.get(sql)).not.toBe(statements.get(sql));
});

it("keeps what reads the number of the application, as it is at each run", () => {
  const file = join(temporaryFolder(), "numbered.sqlite");
  const here = sqliteFiles().open(file, { mustExist: false });
  const elsewhere = sqliteFiles().open(file, { mustExist: true });
  const statements = new PreparedStatements(here);
  const kept = statements.get("pragma application_id");
  expect(kept.all([])).toEqual([{ application_id: 0 }]);

  elsewhere.exec("pragma application_id = 7");

  expect(statements.get("pragma application_id")).toBe(kept);
  expect(kept.all([])).toEqual([{ application_id: 7 }]);
  elsewhere.close();
  here.close();
});

it("gives rows as they are after another connection has changed the table", () => {
  const file = join(temporaryFolder(), "notes.sqlite");
  const here = sqliteFiles().open(file, { mustExist: false });
  const elsewhere = sqliteFiles().open(file, { mustExist: true });
  here.exec(
    "create table note (id integer primary key, body text); insert into note values (1, 'a')",
  );
  const statements = new PreparedStatements(here);
  const sql = "select * from note";
  expect(statements.get(sql).all([])).toEqual([{ id: 1, body: "a" }]);

  elsewhere.exec(
    "alter table note rename column body to text; alter table note add column likes integer",
  );
  const changed = statements.get(sql).all([]);
  elsewhere.exec("drop table note; create table note (text text); insert into note values ('b')");

  expect(changed).toEqual([{ id: 1, text: "a", likes: null }]);
  expect(statements.get(sql).all([])).toEqual([{ text: "b" }]);
  elsewhere.close();
  here.close();
});

function inMemory(): PreparedStatements {
  return new PreparedStatements(sqliteFiles().openInMemory());
}
