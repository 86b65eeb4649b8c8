import type { TenantDatabase } from "@af-tenancy/core";
import {
  type Credentials,
  type Examination,
  examine,
  type Finding,
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
import { tableCache } from "./table-cache.ts";

/** What the options say of servers and tenants. */
export interface MysqlHabits extends Pick<MysqlPatient, "grants" | "connections" | "shared"> {
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
    findings.push(...(await examineServer(id, habits, examination)));
  }
  return findings;
}

async function examineServer(
  id: string,
  { servers, grants, connections, shared, credentials }: MysqlHabits,
  { databases, processes }: Examination,
): Promise<readonly Finding[]> {
  const own = databases.filter(
    ({ placement }) => placement.server === id && placement.strategy !== "row",
  );
  try {
    const server = servers.of(id);
    return await asAdmin(server, server.own, id, (run) =>
      examine(
        {
          ...{ server: id, user: server.own.user, grants, connections, shared, processes, run },
          tenants: own.map((database) => ({ ...database, own: credentials(database) })),
          as: (user, work) => signedIn(server, user, work),
        },
        checks,
      ),
    );
  } catch (error) {
    return [unreachableFinding(`mysql server "${id}"`, error)];
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
]);
