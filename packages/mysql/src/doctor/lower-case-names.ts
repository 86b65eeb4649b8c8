import type { MysqlCheck } from "./mysql-patient.ts";

/** Such a server writes the names of tables down otherwise than others do. */
export const lowerCaseNames: MysqlCheck = {
  id: "mysql/lower-case-names",
  severity: "warning",
  remedy:
    "Give tables names of small letters only, and the same lower_case_table_names to all servers; it can be chosen only before a server's first start.",

  async look({ server, run }) {
    const [row] = await run<{ readonly mode: number }>(
      "select @@global.lower_case_table_names as mode",
    );
    if (Number(row?.mode) === 0) return [];
    const message = `lower_case_table_names is ${row?.mode}: tables whose names differ in case only are one, and dumps of other servers do not fit.`;
    return [{ subject: `server "${server}"`, message }];
  },
};
