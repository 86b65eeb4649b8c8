import {
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type DatabaseState,
  type TenantDatabase,
} from "@af-tenancy/core";
import { type RunSql, sqlRunner } from "@af-tenancy/database";
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
import { markerSql, readMarker } from "./owner-marker.ts";
import type { ServerSession } from "./postgresql-servers.ts";
import { literal, quoted } from "./quoted.ts";
import { schemaSettings } from "./tenant-settings.ts";
import { grantsSql, isOwnUser, userSql } from "./tenant-user.ts";
import { untilDone } from "./until-done.ts";

/** Makes a schema per tenant in one database, each with its marker in one transaction. */
export class SchemaManager implements StrategyManager {
  readonly #context: ManagerContext;

  constructor(context: ManagerContext) {
    this.#context = context;
  }

  async create(database: TenantDatabase): Promise<void> {
    await this.#managing(database, async (session) => {
      if (await isOwned(session, database)) return true;
      await this.#make(session.run, database);
      return true;
    });
  }

  async drop(database: TenantDatabase): Promise<void> {
    const { name } = database.placement;
    await this.#managing(database, async (session) => {
      const there = await isOwned(session, database);
      const user = await this.#ownUser(session.run, database);
      const sql = [
        ...(there ? [`drop schema ${quoted(name)} cascade`] : []),
        ...(user === undefined
          ? []
          : [`drop owned by ${quoted(user)}`, `drop role ${quoted(user)}`]),
      ];
      if (sql.length > 0) await session.run(sql.join(";"));
      return true;
    });
  }

  inspect(database: TenantDatabase): Promise<DatabaseState | undefined> {
    const address = managingAddress(this.#context, database);
    return this.#context.sessions.use(address, (session) => look(session, database.placement.name));
  }

  async adopt(database: TenantDatabase): Promise<void> {
    const { tenantId, placement } = database;
    await this.#managing(database, async (session) => {
      const found = await look(session, placement.name);
      if (found === undefined) {
        throw new DatabaseNotReadyError(tenantId, `there is no schema "${placement.name}"`);
      }
      await markDatabase(session.run, placement.name, database, found.owner);
      return true;
    });
  }

  async rename(database: TenantDatabase, name: string): Promise<void> {
    const from = quoted(database.placement.name);
    await this.#managing(database, async (session) => {
      if (!(await isOwned(session, database))) return true;
      const taken = await look(session, name);
      if (taken !== undefined) throw new DatabaseOwnedError(name, describeOwner(taken.owner));
      await session.run(`alter schema ${from} rename to ${quoted(name)}`);
      return true;
    });
  }

  #managing(
    database: TenantDatabase,
    attempt: (session: ServerSession) => Promise<boolean>,
  ): Promise<void> {
    const address = managingAddress(this.#context, database);
    return this.#context.sessions.use(address, (session) =>
      untilDone(database.placement.name, () => attempt(session)),
    );
  }

  /** One message is one transaction. */
  async #make(run: RunSql, database: TenantDatabase): Promise<void> {
    const { name } = database.placement;
    const owner = ownerOf(database);
    const user = this.#context.users ? credentialsOf(this.#context, database) : undefined;
    const sql = [
      ...(user === undefined ? [] : [await userSql(run, user, owner, false)]),
      `create schema ${quoted(name)}`,
      markerSql(name, owner),
      ...(user === undefined ? [] : [grantsSql(user.user, name)]),
    ];
    await run(sql.join(";"));
  }

  async #ownUser(run: RunSql, database: TenantDatabase): Promise<string | undefined> {
    const user = this.#context.users ? credentialsOf(this.#context, database)?.user : undefined;
    if (user === undefined) return undefined;
    return (await isOwnUser(run, user, ownerOf(database))) ? user : undefined;
  }
}

async function isOwned(session: ServerSession, database: TenantDatabase): Promise<boolean> {
  const state = await look(session, database.placement.name);
  if (state === undefined) return false;
  if (isSameOwner(state.owner, ownerOf(database))) return true;
  throw new DatabaseOwnedError(database.placement.name, describeOwner(state.owner));
}

async function look(session: ServerSession, name: string): Promise<DatabaseState | undefined> {
  const bytes = await bytesOf(session, name);
  if (bytes === undefined) return undefined;
  const view = await session.driver.boundTo(schemaSettings(name)).acquireConnection();
  const owner = await readMarker(sqlRunner(view));
  // Without a marker it is nobody's, unless it was dropped after it was seen.
  if (owner === undefined && (await bytesOf(session, name)) === undefined) return undefined;
  return { owner, bytes };
}

async function bytesOf({ run }: ServerSession, name: string): Promise<number | undefined> {
  const [found] = await run<{ readonly bytes: string }>(
    "select (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c " +
      "where c.relnamespace = n.oid and c.relkind in ('r', 'm', 'S')) as bytes " +
      `from pg_namespace n where n.nspname = ${literal(name)}`,
  );
  return found === undefined ? undefined : Number(found.bytes);
}
