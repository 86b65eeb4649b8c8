import type { PlacementStrategy, TenantDatabase } from "@af-tenancy/core";
import {
  type ConnectionBudget,
  type Examination,
  examine,
  type Finding,
  sqlRunner,
  unreachableFinding,
} from "@af-tenancy/database";
import type { ServerAddress } from "../connection-options.ts";
import { credentialsOf, type ManagerContext } from "../manager-context.ts";
import type { PostgresqlDriver } from "../postgresql-driver.ts";
import type { SharedSchemaNames } from "../shared-schema.ts";
import { backendMemory } from "./backend-memory.ts";
import { connectionLimit } from "./connection-limit.ts";
import { loginSearchPath } from "./login-search-path.ts";
import { loginTenantVariable } from "./login-tenant-variable.ts";
import { missingRights } from "./missing-rights.ts";
import type { PostgresqlCheck, PostgresqlPatient } from "./postgresql-patient.ts";
import { privilegedLogin } from "./privileged-login.ts";
import { publicConnect } from "./public-connect.ts";
import { reachesOtherTenant } from "./reaches-other-tenant.ts";
import { sharedRowsChecks } from "./shared-rows-checks.ts";
import { unsafePooler } from "./unsafe-pooler.ts";

/** What the options say of how tenants are kept. */
export interface PostgresqlHabits {
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
    findings.push(...(await examineServer(server, context, habits, examination)));
  }
  return findings;
}

async function examineServer(
  server: string,
  context: ManagerContext,
  { strategy, shared: names, budget }: PostgresqlHabits,
  { databases, sharedTables: tables, processes, maxBackendMemory }: Examination,
): Promise<readonly Finding[]> {
  const own = databases.filter(({ placement }) => placement.server === server);
  const strategies = new Set([strategy, ...own.map(({ placement }) => placement.strategy)]);
  const shared = strategies.has("schema") || strategies.has("row") || tables !== undefined;
  const open = (address: ServerAddress) => context.servers.open(address, { shared });
  const first = await openFirst(() => context.servers.address(server), open);
  if ("error" in first) return [unreachableFinding(`postgresql server "${server}"`, first.error)];
  const { driver, reached, ...known } = first;
  try {
    const patient: PostgresqlPatient = {
      ...{ server, strategies, processes, maxBackendMemory, ...known },
      users: context.users,
      budget: budget(server),
      rows: tables && { ...names, tables },
      tenants: own.map((database) => withUser(context, database)),
      run: sqlRunner(await driver.acquireConnection()),
      inTwo: (work) => inTwo(() => open(reached), work),
    };
    return await examine(patient, checks);
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
  backendMemory,
]);

type First =
  | (Pick<PostgresqlPatient, "address" | "refusal"> & {
      readonly driver: PostgresqlDriver;
      /** As it could be reached, which may be other than it was configured. */
      readonly reached: ServerAddress;
    })
  | { readonly error: unknown };

/** A pooler that nobody spoke of refuses a session's settings, and is looked at without them. */
async function openFirst(
  addressOf: () => ServerAddress,
  open: (address: ServerAddress) => Promise<PostgresqlDriver>,
): Promise<First> {
  try {
    const address = addressOf();
    try {
      return { address, reached: address, refusal: undefined, driver: await open(address) };
    } catch (error) {
      if (address.pooler || !/unsupported startup parameter/.test(textOf(error))) throw error;
      const reached = { ...address, pooler: true };
      const refusal = "What answers there refuses the settings of a session, as PgBouncer does.";
      return { address, reached, refusal, driver: await open(reached) };
    }
  } catch (error) {
    return { error };
  }
}

async function inTwo<R>(
  open: () => Promise<PostgresqlDriver>,
  work: Parameters<PostgresqlPatient["inTwo"]>[0],
): Promise<R> {
  const one = await open();
  try {
    const other = await open();
    try {
      const [first, second] = [await one.acquireConnection(), await other.acquireConnection()];
      return (await work(sqlRunner(first), sqlRunner(second))) as R;
    } finally {
      await other.destroy();
    }
  } finally {
    await one.destroy();
  }
}

function withUser(context: ManagerContext, database: TenantDatabase) {
  return { ...database, user: credentialsOf(context, database)?.user };
}

function textOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? String(error) : `${error} ${textOf(cause)}`;
}
