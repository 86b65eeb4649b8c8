import type { DatabaseOwner, DatabaseState, KeyRing, TenantDatabase } from "@af-tenancy/core";
import { type Credentials, openCredentials } from "@af-tenancy/database";
import type { ServerAddress } from "./connection-options.ts";
import type { ManagerSessions } from "./manager-sessions.ts";
import type { PostgresqlServers } from "./postgresql-servers.ts";
import type { TemplateDatabase } from "./template-database.ts";
import { checkCredentials } from "./tenant-user.ts";

/** Makes, drops and looks at what the tenants of one strategy have. */
export interface StrategyManager {
  create(database: TenantDatabase): Promise<void>;
  drop(database: TenantDatabase): Promise<void>;
  inspect(database: TenantDatabase): Promise<DatabaseState | undefined>;
  /** Marks what is there already and bears no marker, or that of an older generation. */
  adopt(database: TenantDatabase): Promise<void>;
  /** Gives it another name, under which it is the same owner's. */
  rename(database: TenantDatabase, name: string): Promise<void>;
}

/** What the strategies' managers have in common. */
export interface ManagerContext {
  readonly servers: PostgresqlServers;
  /** On which databases and schemas are made and dropped. */
  readonly sessions: ManagerSessions;
  /** What new databases are copied from. */
  readonly template: TemplateDatabase;
  /** Each tenant has a user of its own. */
  readonly users: boolean;
  /** Reads the credentials in a placement; throws `KeysRequiredError` or `DecryptionError`. */
  keys(): KeyRing;
}

/** Who a tenant's database is for. */
export function ownerOf({ tenantId, placement }: TenantDatabase): DatabaseOwner {
  return { tenantId, generation: placement.generation };
}

/** The tenant's own credentials, where it has any; throws `InvalidInputError` when they can be none. */
export function credentialsOf(
  { keys }: ManagerContext,
  { tenantId, placement: { secret } }: TenantDatabase,
): Credentials | undefined {
  if (secret === undefined) return undefined;
  const credentials = openCredentials(keys(), tenantId, secret);
  checkCredentials(credentials);
  return credentials;
}

/** How the server is reached for making and dropping: as its own user, unless tenants bring theirs and none is made. */
export function managingAddress(context: ManagerContext, database: TenantDatabase): ServerAddress {
  const address = context.servers.address(database.placement.server);
  return context.users ? address : { ...address, ...credentialsOf(context, database) };
}

/** How an owner is named in messages. */
export function describeOwner(owner: DatabaseOwner | undefined): string {
  if (owner === undefined) return "nobody known";
  return `tenant "${owner.tenantId}", generation ${owner.generation}`;
}

/** Tells whether two owners are the same tenant and generation. */
export function isSameOwner(one: DatabaseOwner | undefined, other: DatabaseOwner): boolean {
  return one?.tenantId === other.tenantId && one.generation === other.generation;
}
