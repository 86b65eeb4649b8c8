import { loginOf, type PostgresqlCheck } from "./postgresql-patient.ts";

/** What the configured user needs to make and drop tenants. */
export const missingRights: PostgresqlCheck = {
  id: "postgresql/missing-rights",
  severity: "error",
  remedy:
    "Run `alter role <user> createdb` for databases, `grant create on database <database> to <user>` for schemas, `alter role <user> createrole` for tenants' users.",

  async look(patient) {
    const { run, strategies, users } = patient;
    const [may] = await run<Rights>(sql);
    const missing = [
      strategies.has("database") && !may?.databases && "CREATEDB",
      strategies.has("schema") &&
        !may?.schemas &&
        `CREATE on database "${patient.address.database}"`,
      users && !may?.roles && "CREATEROLE",
    ].filter((right) => right !== false);
    if (missing.length === 0) return [];
    return [{ subject: loginOf(patient), message: `It lacks ${missing.join(" and ")}.` }];
  },
};

interface Rights {
  readonly databases: boolean;
  readonly roles: boolean;
  readonly schemas: boolean;
}

const sql =
  "select rolsuper or rolcreatedb as databases, rolsuper or rolcreaterole as roles, " +
  "has_database_privilege(current_database(), 'CREATE') as schemas from pg_roles where rolname = current_user";
