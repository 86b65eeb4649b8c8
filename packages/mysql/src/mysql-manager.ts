import {
  type DatabaseCapabilities,
  DatabaseOwnedError,
  type DatabaseOwner,
  type DatabaseState,
  InvalidInputError,
  type TenantDatabase,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
import {
  type Credentials,
  DatabaseUnavailableError,
  DatabaseUserTakenError,
  type RunSql,
} from "@af-tenancy/database";
import { adoptDatabase } from "./adopt-database.ts";
import { asAdmin, maySignIn } from "./as-admin.ts";
import { codeOf } from "./code-of.ts";
import type { DatabaseEncoding } from "./database-encoding.ts";
import { driverName } from "./driver-name.ts";
import { bytesOf, findDatabase, ownerClause } from "./found-database.ts";
import { type MysqlFlavour, wrongFlavour } from "./mysql-flavour.ts";
import type { MysqlServer, MysqlServers } from "./mysql-servers.ts";
import { writeOwnerTable } from "./owner-table.ts";
import { checkPlacement, checkTenant } from "./placement-names.ts";
import { quoted } from "./quoted.ts";
import { grantedName, type TenantUsers, userName } from "./tenant-user.ts";

/** What a manager works with. */
export interface MysqlManagerOptions {
  readonly servers: MysqlServers;
  /** How each tenant's own user is made; `undefined` where tenants get none. */
  readonly users: TenantUsers | undefined;
  /** Name of the database in which tenants share tables; `undefined` where none do. */
  readonly shared: string | undefined;
  readonly flavour: MysqlFlavour;
  /** Opens the credentials in a placement; `undefined` when it has none. */
  credentials(database: TenantDatabase): Credentials | undefined;
  /** The clauses of character set and collation for a new database. */
  readonly encoding: DatabaseEncoding;
}

/**
 * Makes, drops and looks at the databases of tenants. Each step may be repeated after a crash anywhere: what is there is
 * looked at first, and nothing is taken that does not bear its owner's name.
 */
export class MysqlManager implements TenantDatabaseManager {
  readonly driver = driverName;
  readonly capabilities: DatabaseCapabilities;
  /** Tables that are there belong to no user that would be the tenant's own. */
  readonly adopt?: (database: TenantDatabase) => Promise<void>;
  readonly #options: MysqlManagerOptions;

  constructor(options: MysqlManagerOptions) {
    this.#options = options;
    this.capabilities = Object.freeze({
      strategies: Object.freeze(["database"] as const),
      transactionalDdl: false,
      users: options.users !== undefined,
      templates: false,
      rename: false,
    });
    if (options.users === undefined) this.adopt = (database) => this.#adopt(database);
  }

  /** Throws when a placement cannot be one of this manager's: `UnknownDriverError` or `InvalidInputError`. */
  check({ tenantId, placement }: TenantDatabase): MysqlServer {
    checkPlacement(placement, "database");
    checkTenant(tenantId, placement.generation);
    const server = this.#options.servers.of(placement.server);
    if (placement.name === this.#options.shared) {
      const rule = "it is the one in which tenants share tables";
      throw new InvalidInputError("placement.name", placement.name, rule);
    }
    if (placement.name === server.address.database) {
      const rule = "it is the application's own database on this server";
      throw new InvalidInputError("placement.name", placement.name, rule);
    }
    return server;
  }

  async create(database: TenantDatabase): Promise<void> {
    const encoding = this.#options.encoding(database, this.check(database).address);
    const { name } = database.placement;
    await this.#work(database, true, async (run, server) => {
      const found = await findDatabase(run, database);
      if (found !== undefined) assertOwned(database, found.owner);
      if (found?.isMarked) return;
      await this.#checkFlavour(run, server);
      await this.#createUser(run, server, database);
      if (found === undefined) {
        const clauses = `${encoding} ${ownerClause(ownerOf(database))}`;
        await run(`create database ${quoted(name)} ${clauses}`);
        await run(`use ${quoted(name)}`);
      }
      await writeOwnerTable(run, ownerOf(database));
    });
  }

  async drop(database: TenantDatabase): Promise<void> {
    this.check(database);
    await this.#work(database, true, async (run, server) => {
      const found = await findDatabase(run, database);
      if (found !== undefined) assertOwned(database, found.owner);
      await this.#dropUser(run, server, database, found !== undefined);
      await dropDatabase(run, database);
    });
  }

  async inspect(database: TenantDatabase): Promise<DatabaseState | undefined> {
    this.check(database);
    const { name } = database.placement;
    return this.#work(database, false, async (run) => {
      const found = await findDatabase(run, database);
      return found === undefined
        ? undefined
        : { owner: found.owner, bytes: await bytesOf(run, name) };
    });
  }

  /** Looks at it as `inspect` does, and takes nobody for its owner but whom the marker names. */
  async examine(database: TenantDatabase): Promise<DatabaseState | undefined> {
    this.check(database);
    return this.#work(database, false, async (run) => {
      const found = await findDatabase(run, database);
      return found && { owner: found.isMarked ? found.owner : undefined, bytes: 0 };
    });
  }

  async #adopt(database: TenantDatabase): Promise<void> {
    this.check(database);
    await this.#work(database, true, (run) => adoptDatabase(run, database));
  }

  /** Nothing is made at a server that no tenant could be served from. */
  async #checkFlavour(run: RunSql, { id }: MysqlServer): Promise<void> {
    const [row] = await run<{ readonly version: string }>("select version() as version");
    const wrong = wrongFlavour(this.#options.flavour, id, row?.version ?? "");
    if (wrong !== undefined) throw wrong;
  }

  /** Where tenants get users, only the application's own may make and drop; elsewhere the tenant's, if it has one. */
  #work<R>(
    database: TenantDatabase,
    alone: boolean,
    work: (run: RunSql, server: MysqlServer) => Promise<R>,
  ): Promise<R> {
    const server = this.#options.servers.for(database);
    const { users, credentials } = this.#options;
    const given = users === undefined ? credentials(database) : undefined;
    const { name } = database.placement;
    return asAdmin(server, given ?? server.own, name, (run) => work(run, server), alone);
  }

  /** A grant stays when its database goes, so that it is given with the user and before the database is there. */
  async #createUser(run: RunSql, server: MysqlServer, database: TenantDatabase): Promise<void> {
    const { users, credentials } = this.#options;
    const own = credentials(database);
    if (users === undefined || own === undefined) return;
    const user = userName(own, users);
    try {
      await run(`create user ${user} identified by '${own.password}'`);
    } catch (error) {
      if (codeOf(error) !== "ER_CANNOT_USER") throw withoutSql(error);
      if (!(await maySignIn(server, own))) throw new DatabaseUserTakenError(own.user);
    }
    const { name } = database.placement;
    await run(`grant ${users.grants.join(", ")} on ${grantedName(name)}.* to ${user}`);
  }

  /**
   * Whose database is there, its user is as well, whatever the password became: it was made first. Without a database one
   * of the same name that somebody else made does not have this tenant's password, and stays.
   */
  async #dropUser(
    run: RunSql,
    server: MysqlServer,
    database: TenantDatabase,
    isThere: boolean,
  ): Promise<void> {
    const { users, credentials } = this.#options;
    const own = credentials(database);
    if (users === undefined || own === undefined) return;
    if (isThere || (await maySignIn(server, own)))
      await run(`drop user if exists ${userName(own, users)}`);
  }
}

/** Drops until nothing is there: a table that somebody makes meanwhile keeps the server from removing the rest. */
async function dropDatabase(run: RunSql, database: TenantDatabase): Promise<void> {
  const { name } = database.placement;
  let failure: unknown;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const found = await findDatabase(run, database);
    if (found === undefined) return;
    assertOwned(database, found.owner);
    try {
      await run(`drop database if exists ${quoted(name)}`);
    } catch (error) {
      if (codeOf(error) !== "ER_DB_DROP_RMDIR") throw error;
      failure = error;
    }
  }
  throw new DatabaseUnavailableError(name, { cause: failure });
}

const maxAttempts = 20;

/** The client puts the statement into its error, and the password is in that. */
function withoutSql(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, "sql");
  return error;
}

function ownerOf({ tenantId, placement }: TenantDatabase): DatabaseOwner {
  return { tenantId, generation: placement.generation };
}

function assertOwned(database: TenantDatabase, owner: DatabaseOwner | undefined): void {
  const { tenantId, placement } = database;
  if (owner?.tenantId === tenantId && owner.generation === placement.generation) return;
  const known =
    owner === undefined
      ? "nobody known"
      : `tenant "${owner.tenantId}", generation ${owner.generation}`;
  throw new DatabaseOwnedError(placement.name, known);
}
