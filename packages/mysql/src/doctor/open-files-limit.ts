import type { MysqlCheck } from "./mysql-patient.ts";

/** The server cannot open as many files as its own settings promise. */
export const openFilesLimit: MysqlCheck = {
  id: "mysql/open-files-limit",
  severity: "warning",
  remedy:
    "Raise open_files_limit together with LimitNOFILE of the server's service, or lower table_open_cache.",

  async look({ server, run }) {
    const [row] = await run<Readonly<Record<string, number>>>(
      "select @@global.open_files_limit as files, @@global.table_open_cache as cache, @@global.max_connections as clients",
    );
    const [files, cache, clients] = [Number(row?.files), Number(row?.cache), Number(row?.clients)];
    const needed = 10 + clients + 2 * cache;
    if (needed <= files) return [];
    const message = `${clients} connections and ${cache} cached tables take up to ${needed} files; open_files_limit is ${files}.`;
    return [{ subject: `server "${server}"`, message }];
  },
};
