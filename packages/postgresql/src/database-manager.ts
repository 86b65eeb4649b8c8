import { randomBytes } from "node:crypto";
import {
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type DatabaseState,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  type Credentials,
  DatabaseRefusedError,
  type RunSql,
  sqlRunner,
} from "@af-tenancy/database";
import type { ServerAddress } from "./connection-options.ts";
import { lookAtDatabase } from "./look-at-database.ts";
import {
  credentialsOf,
  describeOwner,
  isSameOwner,
  type ManagerContext,
  managingAddress,
  ownerOf,
  type StrategyManager,
} from "./manager-context.ts";
import { markDatabase } from "./mark-database.ts";
import { ownerComment } from "./owner-comment.ts";
import { newMarkerSql } from "./owner-marker.ts";
import { draftPrefix } from "./placement-names.ts";
import { literal, quoted } from "./quoted.ts";
import { emptySql, endSessionsSql } from "./template-database.ts";
import { schemaSettings } from "./tenant-settings.ts";
import { grantsSql, isOwnUser, userSql } from "./tenant-user.ts";
import { untilDone } from "./until-done.ts";

/**
 * Makes a database per tenant. It is made under a draft's name and gets its own only once its marker is inside, so that
 * a crash leaves either nothing under the name or a finished database.
 */
export class DatabaseManager implements StrategyManager {
  readonly #context: ManagerContext;

  constructor(context: ManagerContext) {
    this.#context = context;
  }

  async create(database: TenantDatabase): Promise<void> {
    const { name } = database.placement;
    await this.#managing(database, async (run, address) => {
      await untilDone(name, async () => {
        if (await this.#isOwned(run, address, database)) return true;
        await this.#make(run, address, database);
        return true;
      });
      await dropDrafts(run, name);
    });
  }

  async drop(database: TenantDatabase): Promise<void> {
    const { name } = database.placement;
    await this.#managing(database, async (run, address) => {
      await untilDone(name, async () => {
        if (!(await this.#isOwned(run, address, database))) return true;
        await run(dropSql(name));
        return false;
      });
      await dropDrafts(run, name);
      await this.#dropUser(run, database);
    });
  }

  async inspect(database: TenantDatabase): Promise<DatabaseState | undefined> {
    return this.#managing(database, (run, address) =>
      this.#look(run, address, database.placement.name),
    );
  }

  async adopt(database: TenantDatabase): Promise<void> {
    const { tenantId, placement } = database;
    const { name } = placement;
    await this.#managing(database, async (run, address) => {
      if (name === address.database) throw new DatabaseOwnedError(name, "the application itself");
      await untilDone(name, async () => {
        const found = await this.#look(run, address, name);
        if (found === undefined) {
          throw new DatabaseNotReadyError(tenantId, `there is no database "${name}"`);
        }
        await this.#context.servers.session({ ...address, database: name }, (inside) =>
          markDatabase(inside.run, "public", database, found.owner, [commentSql(name, database)]),
        );
        return true;
      });
    });
  }

  async rename(database: TenantDatabase, name: string): Promise<void> {
    const from = database.placement.name;
    await this.#managing(database, async (run, address) => {
      await untilDone(name, async () => {
        if (!(await this.#isOwned(run, address, database))) return true;
        const taken = await this.#look(run, address, name);
        if (taken !== undefined) throw new DatabaseOwnedError(name, describeOwner(taken.owner));
        await run(endSessionsSql(from));
        await run(`alter database ${quoted(from)} rename to ${quoted(name)}`);
        return true;
      });
    });
  }

  #managing<R>(
    database: TenantDatabase,
    work: (run: RunSql, address: ServerAddress) => Promise<R>,
  ): Promise<R> {
    const address = managingAddress(this.#context, database);
    return this.#context.sessions.use(address, ({ run }) => work(run, address));
  }

  #look(run: RunSql, address: ServerAddress, name: string) {
    return lookAtDatabase(run, name, (read) =>
      this.#context.servers.session({ ...address, database: name }, async ({ driver }) => {
        const view = await driver.boundTo(schemaSettings("public")).acquireConnection();
        return read(sqlRunner(view));
      }),
    );
  }

  /** Tells whether the database is there and this owner's; throws `DatabaseOwnedError` when it is another's. */
  async #isOwned(run: RunSql, address: ServerAddress, database: TenantDatabase): Promise<boolean> {
    const state = await this.#look(run, address, database.placement.name);
    if (state === undefined) return false;
    if (isSameOwner(state.owner, ownerOf(database))) return true;
    throw new DatabaseOwnedError(database.placement.name, describeOwner(state.owner));
  }

  async #make(run: RunSql, address: ServerAddress, database: TenantDatabase): Promise<void> {
    const { name } = database.placement;
    const user = this.#context.users ? credentialsOf(this.#context, database) : undefined;
    if (user !== undefined) {
      await checkRights(run, name);
      await run(await userSql(run, user, ownerOf(database), true));
    }
    const draft = draftPrefix(name) + randomBytes(4).toString("hex");
    try {
      await run(await this.#newSql(run, address, draft, user));
      await this.#context.servers.session({ ...address, database: draft }, (inside) =>
        inside.run(contentsSql(draft, database, user)),
      );
      // A pooler keeps its session to the draft, and nothing that is in use gets another name.
      if (address.pooler) await run(endSessionsSql(draft));
      await run(`alter database ${quoted(draft)} rename to ${quoted(name)}`);
    } catch (error) {
      await run(dropSql(draft));
      throw error;
    }
  }

  /** Tables belong to whoever makes them: a user of the tenant's own has to, so that it may change them later. */
  #newSql(
    run: RunSql,
    address: ServerAddress,
    draft: string,
    user: Credentials | undefined,
  ): Promise<string> | string {
    if (user !== undefined) return emptySql(draft, address);
    return this.#context.template.createSql(run, address, draft);
  }

  async #dropUser(run: RunSql, database: TenantDatabase): Promise<void> {
    const user = this.#context.users ? credentialsOf(this.#context, database)?.user : undefined;
    if (user === undefined) return;
    await untilDone(database.placement.name, async () => {
      if (await isOwnUser(run, user, ownerOf(database))) await run(`drop role ${quoted(user)}`);
      return true;
    });
  }
}

/** Throws `DatabaseRefusedError` before a user is made, where the server would refuse half-way. */
async function checkRights(run: RunSql, name: string): Promise<void> {
  const [may] = await run<{ readonly databases: boolean; readonly roles: boolean }>(
    "select rolsuper or rolcreatedb as databases, rolsuper or rolcreaterole as roles from pg_roles where rolname = current_user",
  );
  const missing = may?.databases ? !may.roles && "CREATEROLE" : "CREATEDB";
  if (!missing) return;
  throw new DatabaseRefusedError(
    name,
    "to make it",
    `give the configured user ${missing}, then repeat`,
  );
}

function contentsSql(
  draft: string,
  database: TenantDatabase,
  user: Credentials | undefined,
): string {
  const owner = ownerOf(database);
  const place = quoted(draft);
  const marker = [newMarkerSql("public", owner), commentSql(draft, database)];
  if (user === undefined) return marker.join(";");
  return [
    ...marker,
    `revoke all on database ${place} from public`,
    `grant connect, temporary on database ${place} to ${quoted(user.user)}`,
    grantsSql(user.user, "public"),
  ].join(";");
}

function commentSql(name: string, database: TenantDatabase): string {
  return `comment on database ${quoted(name)} is ${literal(ownerComment(ownerOf(database)))}`;
}

/** Ends everybody's sessions first; somebody may connect in between, so that the caller looks again. */
function dropSql(name: string): string {
  return `drop database if exists ${quoted(name)} with (force)`;
}

/** Removes what was begun for a name and not finished, by anybody. */
async function dropDrafts(run: RunSql, name: string): Promise<void> {
  const find = `select datname from pg_database where starts_with(datname, ${literal(draftPrefix(name))})`;
  await untilDone(name, async () => {
    for (const { datname } of await run<{ readonly datname: string }>(find)) {
      await run(dropSql(datname));
    }
    return true;
  });
}
