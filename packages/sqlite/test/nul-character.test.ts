import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { checkStatement } from "../src/check-statement.ts";

it("refuses U+0000, at which SQLite would stop reading, with a typed error", () => {
  expect(() => checkStatement("insert into note (text) values ('a\0b')")).toThrow(
    InvalidInputError,
  );
  expect(() => checkStatement("insert into note (text) values ('ab')")).not.toThrow();
});
