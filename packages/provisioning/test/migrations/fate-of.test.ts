import { MigrationDirtyError, MigrationFailedError, MigrationTimeoutError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { fateOf } from "../../src/migrations/fate-of.ts";

const failed = (cause: unknown) => new MigrationFailedError("acme", "0001-a", "alter", { cause });
const coded = (code: string) => Object.assign(new RangeError("it failed"), { code });

it.each([
  ["a lock of PostgreSQL", failed(coded("55P03")), "again"],
  ["a lock behind another error", failed(new TypeError("x", { cause: coded("40P01") })), "again"],
  ["a lock of MariaDB", failed(coded("ER_LOCK_WAIT_TIMEOUT")), "again"],
  ["a busy file", coded("SQLITE_BUSY"), "again"],
  ["a table that is there", failed(coded("42P07")), "quarantine"],
  ["a migration that was cut off", new MigrationDirtyError("acme", "0001-a"), "quarantine"],
  ["nothing known", undefined, "quarantine"],
  ["too much time", new MigrationTimeoutError("acme", 5), "later"],
])("%s", (_what, error, fate) => {
  expect(fateOf(error)).toBe(fate);
});
