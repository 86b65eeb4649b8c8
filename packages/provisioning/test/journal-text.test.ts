import { DatabaseNotReadyError, DatabaseOwnedError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { journalText } from "../src/journal-text.ts";

it("keeps the code and message of the framework's own errors", () => {
  const text = journalText("database", new DatabaseOwnedError("t_1", "nobody known"));

  expect(text).toBe(
    'database: DATABASE_OWNED: The database "t_1" exists and belongs to nobody known: it is neither used nor dropped; ' +
      "look at it first.",
  );
});

it("takes credentials out of addresses, and keeps a journal's measure", () => {
  const reason = "postgres://root:hunter2@db:5432/x and redis://:p@ss@cache refused";

  const text = journalText("migrate", new DatabaseNotReadyError("acme", reason));

  expect(text).toContain("postgres://***@db:5432/x and redis://***@cache refused");
  expect(text).not.toMatch(/hunter2|p@ss/);
  expect(journalText("migrate", new DatabaseNotReadyError("acme", "x".repeat(9_999))).length).toBe(
    1_000,
  );
});

it.each([
  [
    Object.assign(new TypeError("password=hunter2"), { code: "ECONNREFUSED" }),
    "TypeError ECONNREFUSED",
  ],
  [Object.assign(new TypeError("x"), { code: 1045 }), "TypeError 1045"],
  [Object.assign(new TypeError("x"), { name: "user hunter2", code: "hunter2 x" }), "Error"],
  ["hunter2", "Error"],
  [undefined, "Error"],
  [null, "Error"],
  [{ message: "hunter2" }, "Error"],
])("says of any other error no more than its name and code (%#)", (error, words) => {
  const text = journalText("migrate", error);

  expect(text).toBe(`migrate: ${words}; the process that ran it has the details`);
});
