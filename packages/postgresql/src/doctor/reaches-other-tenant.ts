import { literal } from "../quoted.ts";
import type { PostgresqlCheck, PostgresqlTenant } from "./postgresql-patient.ts";

/** Asks for every tenant's user and every other tenant's database or schema whether the one gets into the other. */
export const reachesOtherTenant: PostgresqlCheck = {
  id: "postgresql/reaches-other-tenant",
  severity: "error",
  remedy:
    "Revoke what the message names from the user and from PUBLIC, take memberships in other roles away from it, and let it be no superuser.",

  async look({ tenants, run }) {
    const users = tenants.flatMap(({ user }) => user ?? []);
    if (users.length === 0) return [];
    const reached = await run<Reached>(matrixSql(tenants, users));
    return reached.map(({ user, place, name, how }) => ({
      subject: `user "${user}"`,
      message: `It gets into the ${place} "${name}" of another tenant: ${how}.`,
    }));
  },
};

interface Reached {
  readonly user: string;
  readonly place: string;
  readonly name: string;
  readonly how: string;
}

/** Memberships count although they are not inherited: `set role` takes them up. */
function matrixSql(tenants: readonly PostgresqlTenant[], users: readonly string[]): string {
  const places = tenants.map(({ placement: { strategy, name }, user }) => {
    const owner = user === undefined ? "null" : literal(user);
    return `(${literal(strategy)}, ${literal(name)}, ${owner})`;
  });
  return `
    with place (strategy, name, owner) as (values ${places.join(", ")}),
    reach as (
      select r.rolname as "user", p.strategy as place, p.name,
        case
          when r.rolsuper then 'it is a superuser'
          when o.oid is not null and pg_has_role(r.oid, o.oid, 'MEMBER') then 'it is a member of ' || quote_ident(o.rolname)
          when d.oid is not null and has_database_privilege(r.oid, d.oid, 'CONNECT') then 'it has CONNECT'
          when n.oid is not null and has_schema_privilege(r.oid, n.oid, 'USAGE') then 'it has USAGE'
        end as how
      from place p
      join pg_roles r on r.rolname in (${users.map(literal).join(", ")}) and r.rolname is distinct from p.owner
      left join pg_roles o on o.rolname = p.owner
      left join pg_database d on p.strategy = 'database' and d.datname = p.name
      left join pg_namespace n on p.strategy = 'schema' and n.nspname = p.name
      where p.strategy in ('database', 'schema')
    )
    select "user", place, name, how from reach where how is not null order by "user", name`;
}
