import { MigrationLockedError, type MigrationRequest } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";
import { DatabaseMismatchError } from "../errors.ts";
import { inOneMessage } from "./in-one-message.ts";
import type { MigrationDialect } from "./migration-dialect.ts";
import { MigrationSession, type SessionParts } from "./migration-session.ts";
import { readTrack, readTrackSql, type Track, type TrackRow, trackOf } from "./tracking.ts";

/** Lets one runner at a time at a database, and only at its own. */
export class MigrationLock {
  readonly #parts: SessionParts;
  readonly #dialect: MigrationDialect;
  #place: string | undefined;

  constructor(parts: SessionParts, dialect: MigrationDialect) {
    this.#parts = parts;
    this.#dialect = dialect;
  }

  /** SQL that tells whether a connection is still where the work began; `undefined` where that is asked by itself. */
  get isThere(): string | undefined {
    if (this.#place === undefined) return undefined;
    return this.#dialect.isAt?.(this.#place, this.#parts.database.placement.strategy);
  }

  /**
   * Runs work under the lock: in its transaction where DDL can be taken back. It is given what the database has had.
   */
  locked<R>(
    request: MigrationRequest,
    isPure: boolean,
    work: (session: MigrationSession, track: Track) => Promise<R>,
  ): Promise<R> {
    if (!this.#dialect.transactional) {
      return this.alone(request, async (session, track) =>
        work(session, track ?? (await readTrack(session.run))),
      );
    }
    return this.inTransaction(isPure, async (session) =>
      work(session, await this.#prepare(session, request)),
    );
  }

  /** Runs work under a lock that lasts longer than a transaction, and without any where the engine has none such. */
  async alone<R>(
    request: MigrationRequest,
    work: (session: MigrationSession, track: Track | undefined) => Promise<R>,
  ): Promise<R> {
    return MigrationSession.outside(this.#parts, async (session) => {
      const { lock, unlock } = { ...this.#dialect, ...this.#dialect.alone };
      if (unlock === undefined) return work(session, undefined);
      const track = await this.#prepare(session, request, lock);
      try {
        return await work(session, track);
      } finally {
        await unlock(session.run);
      }
    });
  }

  async inTransaction<R>(
    isPure: boolean,
    work: (session: MigrationSession) => Promise<R>,
  ): Promise<R> {
    try {
      return await MigrationSession.inTransaction(this.#parts, isPure, work);
    } catch (error) {
      if (this.#dialect.isLocked?.(error) !== true) throw error;
      throw new MigrationLockedError(this.#parts.database.tenantId);
    }
  }

  /** Gives what was read of a database, without the mark of a migration that somebody is at just now. */
  async settled(run: RunSql, track: Track): Promise<Track> {
    if (track.dirty === undefined) return track;
    const { lock, unlock } = this.#dialect;
    const locked = await lock(run, this.#parts.database.placement.strategy);
    if (locked === undefined) return { ...track, dirty: undefined };
    await unlock?.(run);
    return readTrack(run); // whoever was at it may have come to its end meanwhile
  }

  /** Throws `DatabaseMismatchError` when a migration has gone to another database or schema, as by `use`. */
  async checkPlace({ run }: MigrationSession): Promise<void> {
    const { strategy } = this.#parts.database.placement;
    const place = await this.#dialect.place?.(run, strategy);
    if (place !== this.#place) throw this.mismatch(`"${place}"`);
  }

  /** The error for a migration that has gone to another database or schema. */
  mismatch(found: string): DatabaseMismatchError {
    const { name } = this.#parts.database.placement;
    return new DatabaseMismatchError(name, `"${this.#place}"`, found);
  }

  async #prepare(
    { run }: MigrationSession,
    request: MigrationRequest,
    lock: MigrationDialect["lock"] = this.#dialect.lock,
  ): Promise<Track> {
    const { tenantId, placement } = this.#parts.database;
    const locked = await lock(run, placement.strategy);
    if (locked === undefined) throw new MigrationLockedError(tenantId);
    const { place } = locked;
    if (place !== undefined && place !== placement.name && placement.strategy !== "row") {
      throw new DatabaseMismatchError(placement.name, placement.name, `"${place}"`);
    }
    this.#place = place;
    const statements = [...this.#dialect.limits(request), this.#dialect.table];
    if (this.#dialect.isAt !== undefined) {
      return trackOf(await run<TrackRow>(inOneMessage([...statements, readTrackSql])));
    }
    for (const sql of statements) await run(sql);
    return readTrack(run);
  }
}
