import { randomBytes } from "node:crypto";
import { createKeyRing, type Placement } from "@af-tenancy/core";
import { type SchemaTemplate, sealCredentials } from "@af-tenancy/database";
import type { PostgresqlConnectionSettings } from "../src/connection-options.ts";
import { ManagerSessions } from "../src/manager-sessions.ts";
import { driverName, nameFor } from "../src/placement-names.ts";
import { postgresqlLanguage } from "../src/postgresql-language.ts";
import { PostgresqlManager } from "../src/postgresql-manager.ts";
import { type PostgresqlServerList, PostgresqlServers } from "../src/postgresql-servers.ts";
import { TemplateDatabase } from "../src/template-database.ts";
import { newCredentials } from "../src/tenant-user.ts";
import { server } from "./server.ts";

/** The keys of these tests. */
export const keys = createKeyRing({ current: randomBytes(32).toString("base64") });

/** Those of every manager of the tests' server: a test goes on with what the one before has done with. */
const keptSessions = new ManagerSessions(
  new PostgresqlServers(server, {}, postgresqlLanguage().types),
);

/** Makes a manager for the tests' server. */
export function makeManager({
  connection = {},
  servers = {},
  users = false,
  contents,
}: {
  readonly connection?: PostgresqlConnectionSettings;
  readonly servers?: PostgresqlServerList;
  readonly users?: boolean;
  /** What new databases hold besides the marker. */
  readonly contents?: SchemaTemplate;
} = {}): PostgresqlManager {
  const { types } = postgresqlLanguage();
  const known = new PostgresqlServers({ ...server, ...connection }, servers, types);
  const template = new TemplateDatabase(known);
  if (contents !== undefined) template.copies(contents);
  const isUsual = Object.keys({ ...connection, ...servers }).length === 0;
  const sessions = isUsual ? keptSessions : new ManagerSessions(known);
  return new PostgresqlManager({ servers: known, sessions, template, users, keys: () => keys });
}

/** Places a tenant as the driver does. */
export function placementOf(
  strategy: "database" | "schema",
  users: boolean,
  tenantId: string,
  generation = 1,
  name = nameFor(tenantId, generation),
): Placement {
  return {
    ...{ driver: driverName, strategy, server: "default", name, generation },
    secret: users ? sealCredentials(keys, tenantId, newCredentials(name)) : undefined,
  };
}
