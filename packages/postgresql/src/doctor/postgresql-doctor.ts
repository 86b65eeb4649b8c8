import type { PlacementStrategy, TenantDatabase } from "@af-tenancy/core";
import {
  type ConnectionBudget,
  type DatabasesPatient,
  databaseChecks,
  type Examination,
  examine,
  type Finding,
  inspectingOnce,
  sqlRunner,
  unreachableFinding,
} from "@af-tenancy/database";
import type { ServerAddress } from "../connection-options.ts";
import { credentialsOf, type ManagerContext } from "../manager-context.ts";
import type { SharedSchemaNames } from "../shared-schema.ts";
import { backendMemory } from "./backend-memory.ts";
import { connectionLimit } from "./connection-limit.ts";
import { loginSearchPath } from "./login-search-path.ts";
import { loginTenantVariable } from "./login-tenant-variable.ts";
import { missingRights } from "./missing-rights.ts";
import { inTwo, openFirst } from "./open-patient.ts";
import { orphanedFiles } from "./orphaned-files.ts";
import type { PostgresqlCheck, PostgresqlPatient } from "./postgresql-patient.ts";
import { privilegedLogin } from "./privileged-login.ts";
import { publicConnect } from "./public-connect.ts";
import { reachesOtherTenant } from "./reaches-other-tenant.ts";
import { replicaOfAnother } from "./replica-of-another.ts";
import { replicaWritable } from "./replica-writable.ts";
import { sharedRowsChecks } from "./shared-rows-checks.ts";
import { unsafePooler } from "./unsafe-pooler.ts";

/** What the options say of how tenants are kept. */
export interface PostgresqlHabits extends Pick<DatabasesPatient, "inspect"> {
  readonly strategy: PlacementStrategy;
  /** Where tenants with the strategy `row` share tables. */
  readonly shared: SharedSchemaNames;
  budget(server: string): ConnectionBudget;
}

/** Looks for what is wrong with the configured servers, and with those that the databases are placed on. */
export async function examineServers(
  context: ManagerContext,
  habits: PostgresqlHabits,
  examination: Examination,
): Promise<readonly Finding[]> {
  const placed = examination.databases.map(({ placement }) => placement.server);
  const findings: Finding[] = [];
  for (const server of new Set([...context.servers.names, ...placed])) {
    for (const site of sitesOf(server, context)) {
      findings.push(...(await examineSite(site, context, habits, examination)));
    }
  }
  return findings;
}

/** A server or one of its replicas. */
interface Site {
  /** Id of the server. */
  readonly server: string;
  /** Name of the replica; `undefined` for the server itself. */
  readonly replica: string | undefined;
  /** What it says of its own number of connections. */
  readonly own: Partial<Pick<ConnectionBudget, "connections">>;
  readonly checks: readonly PostgresqlCheck[];
  address(): ServerAddress;
}

function sitesOf(server: string, { servers }: ManagerContext): readonly Site[] {
  const address = () => servers.address(server);
  const replicas = servers.replicas(server).map(({ name, address: found, maxConnections }) => ({
    ...{ server, replica: name, checks: replicaChecks, address: () => found },
    own: maxConnections === undefined ? {} : { connections: maxConnections },
  }));
  return [{ server, replica: undefined, own: {}, checks, address }, ...replicas];
}

async function examineSite(
  { server, replica, own: ownBudget, checks: wanted, address: addressOf }: Site,
  context: ManagerContext,
  { strategy, shared: names, budget, inspect }: PostgresqlHabits,
  { databases, finished, sharedTables: tables, processes, maxBackendMemory }: Examination,
): Promise<readonly Finding[]> {
  const own = databases.filter(({ placement }) => placement.server === server);
  const strategies = new Set([strategy, ...own.map(({ placement }) => placement.strategy)]);
  const shared = strategies.has("schema") || strategies.has("row") || tables !== undefined;
  const open = (address: ServerAddress) =>
    context.servers.open(address, shared ? { searchPath: "" } : {});
  const first = await openFirst(addressOf, open);
  const name = replica === undefined ? server : `${server}/${replica}`;
  if ("error" in first) {
    const kind = replica === undefined ? "server" : "replica";
    return [unreachableFinding(`postgresql ${kind} "${name}"`, first.error)];
  }
  const { driver, reached, ...known } = first;
  try {
    const patient: PostgresqlPatient = {
      ...{ server: name, strategies, processes, maxBackendMemory, ...known },
      users: context.users,
      finished: finished.filter(({ placement }) => placement.server === server),
      inspect: inspectingOnce(inspect),
      budget: { ...budget(server), ...ownBudget },
      rows: tables && { ...names, tables },
      tenants: own.map((database) => withUser(context, database)),
      run: sqlRunner(await driver.acquireConnection()),
      inTwo: (work) => inTwo(() => open(reached), work),
      ...(replica !== undefined && {
        onPrimary: (work) =>
          context.servers.session(context.servers.address(server), ({ run }) => work(run)),
      }),
    };
    return await examine(patient, wanted);
  } finally {
    await driver.destroy();
  }
}

const checks: readonly PostgresqlCheck[] = Object.freeze([
  unsafePooler,
  loginSearchPath,
  loginTenantVariable,
  privilegedLogin,
  ...sharedRowsChecks,
  missingRights,
  connectionLimit,
  publicConnect,
  reachesOtherTenant,
  ...databaseChecks,
  backendMemory,
  orphanedFiles,
]);

const replicaChecks: readonly PostgresqlCheck[] = Object.freeze([
  unsafePooler,
  loginSearchPath,
  loginTenantVariable,
  connectionLimit,
  replicaWritable,
  replicaOfAnother,
]);

function withUser(context: ManagerContext, database: TenantDatabase) {
  return { ...database, user: credentialsOf(context, database)?.user };
}
