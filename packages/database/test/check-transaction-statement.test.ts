import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { checkTransactionStatement } from "../src/connection/check-transaction-statement.ts";

const ending = ["commit", "COMMIT;", "rollback", "end", "abort", "begin", " begin immediate ; "];
const refused = [
  ...ending,
  "start  transaction read only",
  "/* a */ begin",
  "-- a\nbegin",
  "begin isolation level serializable",
  "# a\nbegin",
  "/*!50000 begin */",
  "/*! commit */",
  "/*M!100100 rollback; */",
  "/* a *//*!50000/**/ start transaction */;",
  "start /*! transaction */",
  "/*!50000 start */ transaction",
  "/*! -- a\n# b\n commit */",
  "/*!99999 a */ begin",
  "/*!99999 a */ /*! begin */",
  "/*! */ begin",
];
const marks = ["savepoint a", "release a", "release savepoint a", "rollback to a"];
const others = [
  "select 1",
  "update begin set x = 1",
  "begin; update note set text = ''; commit",
  "begin not atomic select 1; end",
  "/* begin */ select 1",
  "/*! select */ 1",
  "/*!40101 set @a = 1 */",
  "start slave",
];

it.each(refused)("refuses %j, in a transaction or not", (sql) => {
  expect(() => checkTransactionStatement(sql, false)).toThrow(InvalidInputError);
  expect(() => checkTransactionStatement(sql, true)).toThrow(InvalidInputError);
});

it.each([...marks, "rollback transaction to savepoint a"])(
  "takes %j in a transaction only",
  (sql) => {
    expect(() => checkTransactionStatement(sql, false)).toThrow("em.transactional()");
    expect(() => checkTransactionStatement(sql, true)).not.toThrow();
  },
);

/** What could be divided among the parts of a pattern in very many ways; the test would not come to its end. */
const tedious = [
  `${"/* a */ ".repeat(5_000)}select 1`,
  `${"-- a\n".repeat(5_000)}select 1`,
  `begin${" ".repeat(50_000)}x; y`,
  `${"/*! */ ".repeat(5_000)}select 1`,
  `${"/*! /* */ ".repeat(5_000)}select 1`,
  `${"/*! --*/\n-- a\n".repeat(5_000)}select 1`,
  `start${" /*! */".repeat(5_000)}slave`,
];

it.each(tedious)("takes a long statement of many parts at once (%#)", (sql) => {
  expect(() => checkTransactionStatement(sql, false)).not.toThrow();
});

it.each(others)("takes %j", (sql) => {
  expect(() => checkTransactionStatement(sql, false)).not.toThrow();
});
