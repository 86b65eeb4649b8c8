import {
  type Clock,
  ConfigurationError,
  MigrationDirtyError,
  type MigrationDone,
  MigrationFailedError,
  type MigrationRequest,
  type MigrationRun,
  type MigrationStatus,
} from "@af-tenancy/core";
import { sqlRunner } from "../connection/dialect.ts";
import { type MigrationDialect, trackingTable } from "./migration-dialect.ts";
import { MigrationLock } from "./migration-lock.ts";
import type { MigrationSession, SessionParts } from "./migration-session.ts";
import type { MigrationMethod } from "./migration-set.ts";
import { checkStatements, type Member, performMigration } from "./perform-migration.ts";
import { cleanSql, dirtySql, readTrack, type Track, trackSql } from "./tracking.ts";

/** Runs migrations on one leased connection, under the lock of its database. */
export class MigrationRunner {
  readonly #parts: SessionParts;
  readonly #dialect: MigrationDialect;
  readonly #lock: MigrationLock;
  readonly #clock: Pick<Clock, "monotonic">;
  #isTouched = false;
  #isPure = true;

  constructor(parts: SessionParts, dialect: MigrationDialect, clock: Pick<Clock, "monotonic">) {
    this.#parts = parts;
    this.#dialect = dialect;
    this.#lock = new MigrationLock(parts, dialect);
    this.#clock = clock;
  }

  /** What migrations set on the connection goes no further than to its next user's cleaning. */
  get isCleaned(): boolean {
    return !this.#isTouched || (this.#isPure && this.#dialect.cleans === true);
  }

  /** Reads how far the database is and changes nothing; `listTables` is SQL for the tables that it has. */
  async status(listTables: string): Promise<MigrationStatus> {
    const run = sqlRunner(this.#parts.lease.connection);
    const tables = await run<{ readonly table_name: string }>(listTables);
    const isTracked = tables.some(({ table_name }) => table_name === trackingTable);
    return this.#statusOf(isTracked ? await readTrack(run) : { applied: [], dirty: undefined });
  }

  /** Runs what the request asks for, where all of it may be taken back in one transaction. */
  async run(request: MigrationRequest): Promise<MigrationRun> {
    this.#isTouched = true;
    const method = methodOf(request);
    const members = await this.#members(method);
    if (!members.every(({ transactional }) => transactional)) return this.#runEach(request);
    const isPure = members.every(({ sql }) => sql !== undefined);
    return this.#lock.locked(request, isPure, async (session) => {
      const { before, applied } = await this.#begin(session, request);
      const done: MigrationDone[] = [];
      for (const name of this.#choose(applied, request)) {
        if (request.signal?.aborted) break;
        const member = await this.#member(name, method);
        done.push(await this.#perform(session, member, method, true));
      }
      return this.#reported(before, applied, done, method);
    });
  }

  /** Gives what `run` would do; `listTables` as for `status`. */
  async rehearse(request: MigrationRequest, listTables: string): Promise<MigrationRun> {
    const { version, applied } = await this.status(listTables);
    const method = methodOf(request);
    const names = request.direction === "fresh" ? [] : applied.map(({ name }) => name);
    const done: MigrationDone[] = [];
    for (const name of this.#choose(names, request)) {
      done.push({ name, milliseconds: 0, sql: await this.#parts.set.sqlOf(name, method) });
    }
    return this.#reported(version, names, done, method);
  }

  /** Says what became of a migration that was cut off; `false` when it was not. */
  resolve(name: string, outcome: "applied" | "reverted"): Promise<boolean> {
    this.#isTouched = true;
    return this.#lock.locked({}, true, async ({ run }) => {
      const { dirty, applied } = await readTrack(run);
      if (dirty === undefined || dirty !== name) return false;
      const isKnown = applied.some((one) => one.name === name);
      if (outcome === "applied" && !isKnown) await run(trackSql(name, "up"));
      if (outcome === "reverted" && isKnown) await run(trackSql(name, "down"));
      await run(cleanSql);
      return true;
    });
  }

  #statusOf({ applied, dirty }: Track): MigrationStatus {
    const { set } = this.#parts;
    const names = applied.map(({ name }) => name);
    const pending = set.names.filter((name) => !names.includes(name));
    return { version: set.reached(names), applied, pending, dirty };
  }

  /** One after the other: those that cannot be taken back are marked while they are under way. */
  #runEach(request: MigrationRequest): Promise<MigrationRun> {
    const method = methodOf(request);
    return this.#lock.alone(request, async (outside) => {
      const isHeld = this.#dialect.unlock !== undefined;
      const { before, applied } = isHeld
        ? await this.#begin(outside, request)
        : await this.#lock.locked(request, true, (session) => this.#begin(session, request));
      const done: MigrationDone[] = [];
      for (const name of this.#choose(applied, request)) {
        if (request.signal?.aborted) break;
        const member = await this.#member(name, method);
        if (member.transactional) done.push(await this.#runOne(member, method, request));
        else done.push(await this.#runMarked(outside, member, method));
      }
      return this.#reported(before, applied, done, method);
    });
  }

  #runOne(
    member: Member,
    method: MigrationMethod,
    request: MigrationRequest,
  ): Promise<MigrationDone> {
    return this.#lock.locked(request, member.sql !== undefined, async (session) => {
      await this.#clean(session.run);
      return this.#perform(session, member, method, true);
    });
  }

  /** Says so in the database while it is under way. */
  async #runMarked(
    session: MigrationSession,
    member: Member,
    method: MigrationMethod,
  ): Promise<MigrationDone> {
    this.#checkAlone(member);
    checkStatements(member, this.#parts.database.tenantId, this.#dialect);
    await session.run(dirtySql(member.name));
    const done = await this.#performMarked(session, member, method);
    await this.#lock.inTransaction(true, async ({ run }) => {
      await run(trackSql(member.name, method));
      await run(cleanSql);
    });
    return done;
  }

  /** What waited in vain for a lock before it did anything needs nobody to look: its mark is taken away. */
  async #performMarked(
    session: MigrationSession,
    member: Member,
    method: MigrationMethod,
  ): Promise<MigrationDone> {
    try {
      return await this.#perform(session, member, method, false);
    } catch (error) {
      const { sql, cause } = error as MigrationFailedError;
      const isFirst = sql !== undefined && sql === member.sql?.[0];
      if (isFirst && this.#dialect.isLocked?.(cause) === true) await session.run(cleanSql);
      throw error;
    }
  }

  /** Where tenants share connections, nothing but a transaction keeps statements in the tenant's schema. */
  #checkAlone({ name, sql }: Member): void {
    const { tenantId, placement } = this.#parts.database;
    if (!this.#dialect.transactional || placement.strategy === "database") return;
    const remedy = "let it run in a transaction, or give its tenants databases of their own.";
    const cause = new ConfigurationError("migrations", `"${name}" without a transaction`, remedy);
    throw new MigrationFailedError(tenantId, name, sql?.[0], { cause });
  }

  /** Reads what the database has had; for a fresh start it is emptied. Throws `MigrationDirtyError`. */
  async #begin({ run }: MigrationSession, { direction }: MigrationRequest): Promise<Beginning> {
    const { applied } = direction === "fresh" ? await readTrack(run) : await this.#clean(run);
    const names = applied.map(({ name }) => name);
    const before = this.#parts.set.reached(names);
    if (direction !== "fresh") return { before, applied: names };
    // Forgotten first: a crash in between leaves what another fresh start takes away.
    await run(`delete from ${trackingTable}`);
    await run(cleanSql);
    await this.#dialect.clear(run);
    await run(this.#dialect.table);
    return { before, applied: [] };
  }

  /** Those that are run up in order of the list, or taken back, the latest first. */
  #choose(applied: readonly string[], { direction, steps }: MigrationRequest): readonly string[] {
    if (direction === "down") return [...applied].reverse().slice(0, steps ?? 1);
    return this.#parts.set.names.filter((name) => !applied.includes(name)).slice(0, steps);
  }

  #members(method: MigrationMethod): Promise<readonly Member[]> {
    return Promise.all(this.#parts.set.names.map((name) => this.#member(name, method)));
  }

  async #member(name: string, method: MigrationMethod): Promise<Member> {
    const { set } = this.#parts;
    const sql = await set.sqlOf(name, method);
    return { name, sql, transactional: this.#dialect.transactional && set.isTransactional(name) };
  }

  #reported(
    before: string | undefined,
    applied: readonly string[],
    migrations: readonly MigrationDone[],
    method: MigrationMethod,
  ): MigrationRun {
    const done = new Set(migrations.map(({ name }) => name));
    const left =
      method === "up" ? [...applied, ...done] : applied.filter((name) => !done.has(name));
    return { before, after: this.#parts.set.reached(left), migrations };
  }

  async #perform(
    session: MigrationSession,
    member: Member,
    method: MigrationMethod,
    remember: boolean,
  ): Promise<MigrationDone> {
    const started = this.#clock.monotonic();
    const { tenantId } = this.#parts.database;
    const lock = this.#lock;
    this.#isPure &&= member.sql !== undefined;
    checkStatements(member, tenantId, this.#dialect);
    await performMigration(session, member, { method, tenantId, remember, lock });
    const milliseconds = this.#clock.monotonic() - started;
    return { name: member.name, milliseconds, sql: member.sql };
  }

  /** Reads what the database has had; throws `MigrationDirtyError` where one was cut off. */
  async #clean(run: MigrationSession["run"]): Promise<Track> {
    const track = await readTrack(run);
    if (track.dirty === undefined) return track;
    throw new MigrationDirtyError(this.#parts.database.tenantId, track.dirty);
  }
}

interface Beginning {
  readonly before: string | undefined;
  readonly applied: readonly string[];
}

function methodOf({ direction }: MigrationRequest): MigrationMethod {
  return direction === "down" ? "down" : "up";
}
