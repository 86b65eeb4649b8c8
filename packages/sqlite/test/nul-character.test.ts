import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { checkStatement } from "../src/check-statement.ts";

it("refuses U+0000, at which SQLite would stop reading, with a typed error", () => {
  expect(() => checkStatement("insert into note (text) values ('a\0b')")).toThrow(
    InvalidInputError,
  );
  expect(() => checkStatement("insert into note (text) values ('ab')")).not.toThrow();
});

it("refuses half of a surrogate pair, which would be read as another character", () => {
  const insert = (text: string) => () =>
    checkStatement(`insert into note (text) values ('${text}')`);

  expect(insert("\ud83d")).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  expect(insert("\ude00\ud83d")).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  expect(insert("\ud83d\ude00 \ufffd")).not.toThrow();
});
