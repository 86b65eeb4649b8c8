import type { MysqlCheck } from "./mysql-patient.ts";

/** Older character sets refuse or mangle what people write today. */
export const oldCollation: MysqlCheck = {
  id: "mysql/old-collation",
  severity: "warning",
  remedy:
    "Run `alter database <database> character set utf8mb4`, convert its tables with `alter table <table> convert to character set utf8mb4`, and leave charset and collation of the options to utf8mb4.",

  async look({ tenants, run }) {
    if (tenants.length === 0) return [];
    const names = tenants.map(({ placement }) => hexadecimal(placement.name)).join(", ");
    const old = await run<{ readonly name: string; readonly collation: string }>(
      "select schema_name as name, default_collation_name as collation from information_schema.schemata " +
        `where schema_name in (${names}) and default_character_set_name <> 'utf8mb4' order by schema_name`,
    );
    return old.map(({ name, collation }) => ({
      subject: `database "${name}"`,
      message: `Its new tables get the collation ${collation}, which does not hold every character.`,
    }));
  },
};

/** A name may be any text: nothing has checked it on the way here. */
function hexadecimal(name: string): string {
  return `x'${Buffer.from(name).toString("hex")}'`;
}
