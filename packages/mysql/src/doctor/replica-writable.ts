import type { MysqlCheck } from "./mysql-patient.ts";

/** What can be written to by others may hold anything, or is the server itself under another name. */
export const replicaWritable: MysqlCheck = {
  id: "mysql/replica-writable",
  severity: "warning",
  remedy: "Name a server in `replicas` that follows this one, and set read_only there.",

  async look({ server, run }) {
    const [row] = await run<{ readonly readOnly: number }>("select @@global.read_only as readOnly");
    if (Number(row?.readOnly) !== 0) return [];
    return [{ subject: `replica "${server}"`, message: "read_only is off there." }];
  },
};
