import { nameFor } from "../placement-names.ts";
import { coversDatabase, type Grant, givesRight, readGrants } from "./grants.ts";
import type { MysqlCheck, MysqlPatient } from "./mysql-patient.ts";

/** What the configured user needs to make, serve and drop tenants' databases. */
export const missingRights: MysqlCheck = {
  id: "mysql/missing-rights",
  severity: "error",
  remedy:
    "Run `grant <rights> on <pattern>.* to <user>` with a pattern of the tenants' databases such as `t\\_%`, with `with grant option` and `grant create user on *.*` where each tenant gets a user.",

  async look(patient) {
    const { server, user, tenants, shared, run } = patient;
    const grants = await readGrants(run);
    const names = [nameFor("doctor", 1), ...tenants.map(({ placement }) => placement.name)];
    const own = names.map((name) => ({ name, rights: missingIn(name, grants, patient) }));
    const missing = [...own, ...lackingForRows(shared, grants)].filter(
      ({ rights }) => rights.length > 0,
    );
    const [first] = missing;
    if (first === undefined) return [];
    const others = missing.length === 1 ? "" : ` and ${missing.length - 1} more like it`;
    return [
      {
        subject: `user "${user}" of server "${server}"`,
        message: `It lacks ${first.rights.join(", ")} for a database such as "${first.name}"${others}.`,
      },
    ];
  },
};

/** A trigger unsets references where rows are shared. */
function lackingForRows(shared: string | undefined, grants: readonly Grant[]) {
  if (shared === undefined) return [];
  const here = grants.filter((grant) => coversDatabase(grant, shared));
  const rights = [...needed, "TRIGGER"].filter(
    (right) => !here.some((one) => givesRight(one, right)),
  );
  return [{ name: shared, rights }];
}

function missingIn(
  name: string,
  grants: readonly Grant[],
  { grants: given }: MysqlPatient,
): readonly string[] {
  const here = grants.filter((grant) => coversDatabase(grant, name));
  const missing = needed.filter((right) => !here.some((grant) => givesRight(grant, right)));
  if (given === undefined) return missing;
  const everywhere = grants.filter(({ database }) => database === "*");
  const canMake = everywhere.some((grant) => givesRight(grant, "CREATE USER"));
  const canPass = given.every((right) =>
    here.some((grant) => grant.passes && givesRight(grant, right)),
  );
  return [...missing, ...(canMake ? [] : ["CREATE USER"]), ...(canPass ? [] : ["GRANT OPTION"])];
}

const needed: readonly string[] = [
  ...["SELECT", "INSERT", "UPDATE", "DELETE"],
  ...["CREATE", "ALTER", "DROP", "INDEX", "REFERENCES"],
];
