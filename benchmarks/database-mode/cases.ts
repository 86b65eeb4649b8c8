import type { ModeCase } from "./mode-case.ts";
import { mysqlCase } from "./mysql-case.ts";
import { postgresqlCase } from "./postgresql-case.ts";
import { qualifiedCase, sessionCase } from "./schema-case.ts";
import { sqliteCase } from "./sqlite-case.ts";

/** What is compared, by the name of the result. */
export const modeCases: Readonly<Record<string, ModeCase>> = {
  "database-mode/sqlite": sqliteCase,
  "database-mode/postgresql": postgresqlCase,
  "database-mode/mysql": mysqlCase,
  "schema-mode/qualified": qualifiedCase,
  "schema-mode/session": sessionCase,
};
