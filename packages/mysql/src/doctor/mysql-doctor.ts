import type { TenantDatabase } from "@af-tenancy/core";
import {
  type Credentials,
  databaseChecks,
  type Examination,
  examine,
  type Finding,
  inspectingOnce,
  unreachableFinding,
} from "@af-tenancy/database";
import { asAdmin } from "../as-admin.ts";
import type { MysqlServer, MysqlServers } from "../mysql-servers.ts";
import { connectionLimit } from "./connection-limit.ts";
import { lowerCaseNames } from "./lower-case-names.ts";
import { missingRights } from "./missing-rights.ts";
import type { MysqlCheck, MysqlPatient } from "./mysql-patient.ts";
import { oldCollation } from "./old-collation.ts";
import { openFilesLimit } from "./open-files-limit.ts";
import { reachesOtherTenant } from "./reaches-other-tenant.ts";
import { replicaWritable } from "./replica-writable.ts";
import { tableCache } from "./table-cache.ts";

/** What the options say of servers and tenants. */
export interface MysqlHabits
  extends Pick<MysqlPatient, "grants" | "connections" | "shared" | "inspect"> {
  readonly servers: MysqlServers;
  /** Opens the credentials in a placement; `undefined` when it has none. */
  credentials(database: TenantDatabase): Credentials | undefined;
}

/** Looks for what is wrong with the configured servers, and with those that the databases are placed on. */
export async function examineServers(
  habits: MysqlHabits,
  examination: Examination,
): Promise<readonly Finding[]> {
  const placed = examination.databases.map(({ placement }) => placement.server);
  const findings: Finding[] = [];
  for (const id of new Set([...habits.servers.ids, ...placed])) {
    const site: Site = { id, kind: "server", checks, server: () => habits.servers.of(id) };
    findings.push(...(await examineSite(site, habits, examination)));
    for (const replica of replicasOf(id, habits)) {
      findings.push(...(await examineSite(replica, habits, examination)));
    }
  }
  return findings;
}

/** A server or one of its replicas. */
interface Site {
  readonly id: string;
  readonly kind: MysqlPatient["kind"];
  readonly checks: readonly MysqlCheck[];
  /** How many connections one process may have, where it has a number of its own. */
  readonly own?: number | undefined;
  server(): MysqlServer;
}

/** A server that nobody knows has none, and is a finding itself. */
function replicasOf(id: string, { servers }: MysqlHabits): readonly Site[] {
  if (!servers.ids.includes(id)) return [];
  return servers.replicas(id).map(({ server, maxConnections: own }) => ({
    ...({ id: server.id, kind: "replica", checks: replicaChecks, own } as const),
    server: () => server,
  }));
}

async function examineSite(
  { id, kind, checks: wanted, own: most, server: find }: Site,
  { grants, connections, shared, credentials, inspect }: MysqlHabits,
  { databases, finished, processes }: Examination,
): Promise<readonly Finding[]> {
  const own = databases.filter(
    ({ placement }) => placement.server === id && placement.strategy !== "row",
  );
  try {
    const server = find();
    return await asAdmin(server, server.own, id, (run) =>
      examine(
        {
          ...{ server: id, kind, user: server.own.user, grants, shared, processes, run },
          finished: finished.filter(({ placement }) => placement.server === id),
          inspect: inspectingOnce(inspect),
          connections: most ?? connections,
          tenants: own.map((database) => ({ ...database, own: credentials(database) })),
          as: (user, work) => signedIn(server, user, work),
        },
        wanted,
      ),
    );
  } catch (error) {
    return [unreachableFinding(`mysql ${kind} "${id}"`, error)];
  }
}

function signedIn<R>(
  server: MysqlServer,
  user: Credentials,
  work: Parameters<typeof asAdmin<R>>[3],
): Promise<R> {
  return asAdmin(server, user, server.id, work);
}

const checks: readonly MysqlCheck[] = Object.freeze([
  missingRights,
  connectionLimit,
  tableCache,
  openFilesLimit,
  lowerCaseNames,
  oldCollation,
  reachesOtherTenant,
  ...databaseChecks,
]);

const replicaChecks: readonly MysqlCheck[] = Object.freeze([connectionLimit, replicaWritable]);
