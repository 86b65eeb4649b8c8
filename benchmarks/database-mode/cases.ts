import type { ModeCase } from "./mode-case.ts";
import { mysqlCase } from "./mysql-case.ts";
import { sqliteCase } from "./sqlite-case.ts";

/** The drivers that are compared, by name. */
export const modeCases: Readonly<Record<string, ModeCase>> = {
  sqlite: sqliteCase,
  mysql: mysqlCase,
};
