import {
  type Clock,
  MigrationDirtyError,
  type MigrationDone,
  type MigrationFailedError,
  type MigrationRequest,
  type MigrationRun,
  type MigrationStatus,
} from "@af-tenancy/core";
import { sqlRunner } from "../connection/dialect.ts";
import { type MigrationDialect, trackingTable } from "./migration-dialect.ts";
import { MigrationLock } from "./migration-lock.ts";
import type { MigrationSession, SessionParts } from "./migration-session.ts";
import type { MigrationMethod } from "./migration-set.ts";
import { type Beginning, methodOf, reportOf, statusOf, stepsOf } from "./migration-steps.ts";
import {
  checkAlone,
  checkStatements,
  type Member,
  performMigration,
  performTogether,
} from "./perform-migration.ts";
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
    const track = isTracked ? await readTrack(run) : { applied: [], dirty: undefined };
    return statusOf(this.#parts.set, await this.#lock.settled(run, track));
  }

  /** Runs what the request asks for, where all of it may be taken back in one transaction. */
  async run(request: MigrationRequest): Promise<MigrationRun> {
    this.#isTouched = true;
    const method = methodOf(request);
    const members = await this.#members(method);
    if (!members.every(({ transactional }) => transactional)) return this.#runEach(request);
    const isPure = members.every(({ sql }) => sql !== undefined);
    let wasTogether = false;
    const run = (group: (names: readonly string[]) => readonly string[]) =>
      this.#lock.locked(request, isPure, async (session, track) => {
        const beginning = await this.#begin(session, track, request);
        const done: MigrationDone[] = [];
        let left = stepsOf(this.#parts.set, beginning.applied, request);
        while (left.length > 0 && !request.signal?.aborted) {
          const names = group(left);
          wasTogether = names.length > 1;
          done.push(...(await this.#performAll(session, names, method)));
          left = left.slice(names.length);
        }
        return reportOf(this.#parts.set, beginning, done, request);
      });
    const { pace } = this.#parts.set;
    try {
      return await run((names) => (method === "up" ? pace.together(names) : names.slice(0, 1)));
    } catch (error) {
      if (!wasTogether) throw error;
      // All of it was taken back; one by one it shows which one fails, if it fails again.
      return run((names) => names.slice(0, 1));
    }
  }

  /** Gives what `run` would do; `listTables` as for `status`. */
  async rehearse(request: MigrationRequest, listTables: string): Promise<MigrationRun> {
    const { set } = this.#parts;
    const { version, applied } = await this.status(listTables);
    const method = methodOf(request);
    const names = request.direction === "fresh" ? [] : applied.map(({ name }) => name);
    const done: MigrationDone[] = [];
    for (const name of stepsOf(set, names, request)) {
      done.push({ name, milliseconds: 0, sql: await set.sqlOf(name, method) });
    }
    return reportOf(set, { before: version, applied: names }, done, request);
  }

  /** Says what became of a migration that was cut off; `false` when it was not. */
  resolve(name: string, outcome: "applied" | "reverted"): Promise<boolean> {
    this.#isTouched = true;
    return this.#lock.locked({}, true, async ({ run }, { dirty, applied }) => {
      if (dirty === undefined || dirty !== name) return false;
      const isKnown = applied.some((one) => one.name === name);
      if (outcome === "applied" && !isKnown) await run(trackSql(name, "up"));
      if (outcome === "reverted" && isKnown) await run(trackSql(name, "down"));
      await run(cleanSql);
      return true;
    });
  }

  /** One after the other: those that cannot be taken back are marked while they are under way. */
  #runEach(request: MigrationRequest): Promise<MigrationRun> {
    const method = methodOf(request);
    return this.#lock.alone(request, async (outside, held) => {
      const beginning = held
        ? await this.#begin(outside, held, request)
        : await this.#lock.locked(request, true, (session, track) =>
            this.#begin(session, track, request),
          );
      const done: MigrationDone[] = [];
      for (const name of stepsOf(this.#parts.set, beginning.applied, request)) {
        if (request.signal?.aborted) break;
        const member = await this.#member(name, method);
        if (member.transactional) done.push(await this.#runOne(member, method, request));
        else done.push(await this.#runMarked(outside, member, method));
      }
      return reportOf(this.#parts.set, beginning, done, request);
    });
  }

  #runOne(
    member: Member,
    method: MigrationMethod,
    request: MigrationRequest,
  ): Promise<MigrationDone> {
    return this.#lock.locked(request, member.sql !== undefined, async (session, track) => {
      this.#checkClean(track);
      return this.#perform(session, member, method, true);
    });
  }

  /** Says so in the database while it is under way. */
  async #runMarked(
    session: MigrationSession,
    member: Member,
    method: MigrationMethod,
  ): Promise<MigrationDone> {
    const { database } = this.#parts;
    checkAlone(member, database, this.#dialect);
    checkStatements(member, database.tenantId, this.#dialect);
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

  /** Reads what the database has had; for a fresh start it is emptied. Throws `MigrationDirtyError`. */
  async #begin(
    { run }: MigrationSession,
    track: Track,
    { direction }: MigrationRequest,
  ): Promise<Beginning> {
    if (direction !== "fresh") this.#checkClean(track);
    const names = track.applied.map(({ name }) => name);
    const before = this.#parts.set.reached(names);
    if (direction !== "fresh") return { before, applied: names };
    // Forgotten first: a crash in between leaves what another fresh start takes away.
    await run(`delete from ${trackingTable}`);
    await run(cleanSql);
    await this.#dialect.clear(run);
    await run(this.#dialect.table);
    return { before, applied: [] };
  }

  #members(method: MigrationMethod): Promise<readonly Member[]> {
    return Promise.all(this.#parts.set.names.map((name) => this.#member(name, method)));
  }

  async #member(name: string, method: MigrationMethod): Promise<Member> {
    const { set } = this.#parts;
    const sql = await set.sqlOf(name, method);
    return { name, sql, transactional: this.#dialect.transactional && set.isTransactional(name) };
  }

  /** Remembers how long they took, so that the next tenant may get several at once. */
  async #performAll(
    session: MigrationSession,
    names: readonly string[],
    method: MigrationMethod,
  ): Promise<readonly MigrationDone[]> {
    const { pace } = this.#parts.set;
    const members = await Promise.all(names.map((name) => this.#member(name, method)));
    const [first] = members;
    if (first !== undefined && members.length === 1) {
      const done = await this.#perform(session, first, method, true);
      const takesSeveral = this.#lock.isThere !== undefined || session.runAll !== undefined;
      if (method === "up" && first.sql !== undefined && takesSeveral)
        pace.learn(names, done.milliseconds);
      return [done];
    }
    const started = this.#clock.monotonic();
    await performTogether(session, members, this.#lock);
    const milliseconds = this.#clock.monotonic() - started;
    pace.learn(names, milliseconds);
    return members.map(({ name, sql }) => ({
      ...{ name, sql, milliseconds: milliseconds / members.length },
    }));
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

  /** Throws `MigrationDirtyError` where one was cut off. */
  #checkClean({ dirty }: Track): void {
    if (dirty !== undefined) throw new MigrationDirtyError(this.#parts.database.tenantId, dirty);
  }
}
