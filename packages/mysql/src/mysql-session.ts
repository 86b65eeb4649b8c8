import type { Socket } from "node:net";
import { type Connection, type ConnectionOptions, createConnection, type Query } from "mysql2";
import { codeOf } from "./code-of.ts";

/** As whom and in which database a session works. */
export interface SessionUser {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** How long the server may leave the session waiting. */
export interface Limit {
  readonly milliseconds: number;
  /** What the session breaks with when it waits longer. */
  error(): Error;
}

/**
 * One open session of the server. An error of the connection rejects what is under way and is kept; it is never thrown
 * into the process.
 */
export class MysqlSession {
  readonly #native: Connection;
  readonly #pending = new Set<(error: unknown) => void>();
  #failure: unknown;
  #onFailure: (() => void) | undefined;

  private constructor(native: Connection) {
    this.#native = native;
    native.on("error", (error) => this.#fail(error));
  }

  /** Connects; throws what the server or its client throws. */
  static async open(options: ConnectionOptions): Promise<MysqlSession> {
    const session = new MysqlSession(createConnection({ ...options, charset }));
    try {
      await session.#settled((done) => session.#native.connect(done));
      return session;
    } catch (error) {
      session.#fail(error);
      throw error;
    }
  }

  /** Why it cannot be used any more; `undefined` while it can. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Runs a statement; one that takes longer than `timeout` milliseconds breaks the session. */
  async query(sql: string, values: readonly unknown[], timeout?: number): Promise<unknown> {
    try {
      return await this.#settled((done) =>
        this.#native.query({ sql, values: [...values], ...(timeout && { timeout }) }, done),
      );
    } catch (error) {
      if (isFatal(error)) this.#fail(error);
      throw error;
    }
  }

  /**
   * Gives the rows of a statement one by one; `forRow` is how long each may take. Whoever stops early waits until the
   * server has sent the rest, which it may pause in for as long as `forRest` says.
   */
  async *stream(
    sql: string,
    values: readonly unknown[],
    { forRow, forRest }: { readonly forRow: Limit | undefined; readonly forRest: Limit },
  ): AsyncGenerator<unknown> {
    const query: Query = this.#native.query({ sql, values: [...values] });
    const rows = query.stream();
    const sent = this.#settled<void>((done) => query.once("end", () => done(null)));
    sent.catch((error) => rows.destroy(error));
    try {
      if (forRow === undefined) yield* rows;
      else yield* this.#eachWithin(forRow, rows[Symbol.asyncIterator]());
    } finally {
      rows.destroy();
      await this.#rest(sent, forRest);
    }
  }

  /** Begins the session anew for a user: of the one before, nothing is left but the connection. */
  async changeUser(user: SessionUser, limit: Limit): Promise<void> {
    try {
      await this.#within(
        limit,
        this.#settled<void>((done) => this.#native.changeUser({ ...user, charset }, done)),
      );
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Calls back once when the connection breaks. */
  onFailure(listener: () => void): void {
    this.#onFailure = listener;
  }

  /** Says goodbye to the server and waits until it has closed the connection; cuts it when something is under way. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) return;
    if (this.#pending.size > 0) return this.destroy();
    const stream = streamOf(this.#native);
    this.#native.end();
    this.#native.destroy();
    this.#giveUp(closed());
    await new Promise<void>((resolve) => {
      stream.once("close", resolve);
      stream.setTimeout(patience, () => stream.destroy());
    });
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#fail(closed());
  }

  async *#eachWithin(limit: Limit, rows: AsyncIterator<unknown>): AsyncGenerator<unknown> {
    for (;;) {
      const { done, value } = await this.#within(limit, rows.next());
      if (done) return;
      yield value;
    }
  }

  /** A large result takes its time, and a server that sends nothing any more breaks the session. */
  async #rest(sent: Promise<void>, { milliseconds, error }: Limit): Promise<void> {
    const stream = streamOf(this.#native);
    const giveUp = () => this.#fail(error());
    stream.setTimeout(milliseconds, giveUp);
    await sent.catch(() => undefined);
    stream.setTimeout(0, giveUp);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #within<R>({ milliseconds, error }: Limit, work: Promise<R>): Promise<R> {
    const timer = setTimeout(() => this.#fail(error()), milliseconds);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** `mysql2` forgets those who wait when a connection is cut, and those who stream when it breaks. */
  #settled<R>(start: (done: Done<R>) => unknown): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#pending.add(reject);
      start((error, result) => {
        this.#pending.delete(reject);
        if (error) reject(error);
        else resolve(result as R);
      });
    });
  }

  #fail(error: unknown): void {
    const isFirst = this.#failure === undefined;
    this.#giveUp(error);
    this.#native.destroy();
    streamOf(this.#native).destroy();
    if (isFirst) this.#onFailure?.();
  }

  #giveUp(error: unknown): void {
    this.#failure ??= error;
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
  }
}

function closed(): Error {
  return new Error("The connection was closed.");
}

/** Milliseconds that a server may take to close a connection. */
const patience = 1_000;

/** Said each time, because the client would otherwise begin with what the last user set. */
const charset = "UTF8MB4_UNICODE_CI";

type Done<R> = (error: Error | null, result?: R) => void;

/** After these nobody knows what the server will still answer. */
function isFatal(error: unknown): boolean {
  if (codeOf(error) === "PROTOCOL_SEQUENCE_TIMEOUT") return true;
  return error instanceof Error && "fatal" in error && error.fatal === true;
}

/** `mysql2/lib/base/connection.js`: `destroy()` ends the sending half only. */
function streamOf(native: Connection): Socket {
  return (native as unknown as { readonly stream: Socket }).stream;
}
