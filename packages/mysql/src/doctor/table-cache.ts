import type { MysqlCheck } from "./mysql-patient.ts";

/** A table that is not in the cache is opened anew by each statement, and another one is closed for it. */
export const tableCache: MysqlCheck = {
  id: "mysql/table-cache",
  severity: "warning",
  remedy:
    "Raise table_open_cache to the number of tables that are in use at a time, and open_files_limit to twice as much.",

  async look({ server, run }) {
    const [row] = await run<Row>(sql);
    const [cache, tables] = [Number(row?.cache), Number(row?.tables)];
    if (tables <= cache) return [];
    const message = `${row?.databases} databases of tenants have ${tables} tables, and table_open_cache is ${cache}.`;
    return [{ subject: `server "${server}"`, message }];
  },
};

interface Row {
  readonly cache: number | string;
  readonly tables: number | string;
  readonly databases: number | string;
}

const sql =
  "select @@global.table_open_cache as cache, count(*) as tables, count(distinct table_schema) as `databases` " +
  "from information_schema.tables where table_schema in " +
  "(select table_schema from information_schema.tables where table_name = '_tenancy_owner')";
