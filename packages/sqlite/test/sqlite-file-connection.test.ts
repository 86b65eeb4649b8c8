import { statement } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { SqliteFileConnection } from "../src/sqlite-file-connection.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";

it("runs each of many statements where it was sent, and none after the transaction that was taken back", async () => {
  const connection = new SqliteFileConnection(
    sqliteFiles().openInMemory(),
    { tooLate: (milliseconds) => new RangeError(`${milliseconds} ms`) },
    undefined,
  );
  await connection.executeQuery(statement("create table note (id integer primary key)"));
  await connection.command("begin immediate");

  const sent = Array.from({ length: 250 }, (_, id) =>
    connection.executeQuery(statement(`insert into note values (${id})`)),
  );
  await connection.command("rollback");
  await Promise.all(sent);

  const { rows } = await connection.executeQuery(statement("select id from note"));
  expect(rows).toEqual([]);
});
