import { coversDatabase, readGrantsOfRoles } from "./grants.ts";
import type { MysqlCheck, MysqlPatient, MysqlTenant } from "./mysql-patient.ts";

/** Signs in as every tenant's user, and asks for which databases of other tenants it or its roles were granted something. */
export const reachesOtherTenant: MysqlCheck = {
  id: "mysql/reaches-other-tenant",
  severity: "error",
  remedy:
    "Revoke what the user has on other databases than its tenant's, and roles that have; in the name of a database in a grant write `\\_` for an underscore.",

  async look(patient) {
    const symptoms = [];
    for (const tenant of patient.tenants) {
      const message = await reachOf(tenant, patient);
      if (message !== undefined) {
        symptoms.push({ subject: `user "${tenant.own?.user}"`, message });
      }
    }
    return symptoms;
  },
};

async function reachOf(tenant: MysqlTenant, patient: MysqlPatient): Promise<string | undefined> {
  const { own, placement } = tenant;
  if (own === undefined) return undefined;
  const others = patient.tenants
    .filter((other) => other.own?.user !== own.user)
    .map((other) => other.placement.name);
  try {
    const grants = (await patient.as(own, readGrantsOfRoles)).filter(
      ({ rights }) => rights.length > 0,
    );
    const reached = others.find((name) => grants.some((grant) => coversDatabase(grant, name)));
    if (reached !== undefined) return `It may use the database "${reached}" of another tenant.`;
    const open = grants.find(
      ({ database, whole }) => whole && /^[\s\S]*(?<!\\)[_%]/.test(database),
    );
    if (open === undefined) return undefined;
    return `Its grant on "${open.database}" holds for more databases than "${placement.name}".`;
  } catch (error) {
    return `It cannot sign in, and nothing is known of its grants: ${String(error)}`;
  }
}
