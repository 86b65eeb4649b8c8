import type { MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection-lease.ts";
import type { DialectConnection } from "../dialect.ts";
import type { PromptDriver } from "../driver-connections.ts";
import type { LeaseRequest } from "../lease-request.ts";
import type { Listed } from "../linked-list.ts";
import type { Borrower } from "./borrower.ts";
import { borrowerStack } from "./pool-channels.ts";
import type { CloseReason, PooledConnection } from "./pooled-connection.ts";

/** Takes a connection back; resolves once one that is retired has been closed. */
export type GiveBack = (lease: PoolLease) => Promise<void> | undefined;

/** Whom a lease is for. */
export interface LeaseTerms {
  readonly borrower: Borrower;
  readonly bulk: boolean;
  readonly since: number;
  /** Where it was asked for; known while somebody listens for leaks. */
  readonly stack: string | undefined;
}

/** Says whom a lease is for. */
export function leaseTerms(borrower: Borrower, { lane }: LeaseRequest, since: number): LeaseTerms {
  return { borrower, bulk: lane === "bulk", since, stack: borrowerStack() };
}

/** One lease of a pooled connection. */
export class PoolLease implements ConnectionLease, Listed<PoolLease> {
  readonly terms: LeaseTerms;
  readonly pooled: PooledConnection;
  /** When it was lent, which after a wait is later than it was asked for. */
  readonly lentAt: number;
  previous: PoolLease | undefined = undefined;
  next: PoolLease | undefined = undefined;
  readonly #giveBack: GiveBack;
  #driver: PromptDriver;
  #connection: DialectConnection;
  #over = false;
  #taken: (() => void) | undefined;

  constructor(
    terms: LeaseTerms,
    pooled: PooledConnection,
    giveBack: GiveBack,
    lentAt = terms.since,
  ) {
    this.terms = terms;
    this.pooled = pooled;
    this.lentAt = lentAt;
    this.#driver = pooled.driver;
    this.#connection = pooled.connection;
    this.#giveBack = giveBack;
  }

  get driver(): PromptDriver {
    return this.#driver;
  }

  get connection(): DialectConnection {
    return this.#connection;
  }

  get isOver(): boolean {
    return this.#over;
  }

  onTaken(listener: () => void): void {
    if (this.#over) listener();
    else this.#taken = listener;
  }

  /** Has the borrower use a view of what is pooled. */
  view(driver: PromptDriver, connection: DialectConnection): void {
    this.#connection = connection;
    this.#driver = driver;
  }

  release(): MaybePromise<void> {
    if (this.#over) return;
    if (this.#driver.isClean !== true) return this.#cleanAndEnd();
    void this.#end();
  }

  async destroy(): Promise<void> {
    await this.end("unclean");
  }

  /** Closes the connection instead of giving it back; whoever still has the lease finds it over. */
  async end(reason: CloseReason): Promise<void> {
    this.pooled.retire(reason);
    try {
      await this.#end();
    } finally {
      this.#taken?.();
    }
  }

  /** One that cannot be made clean is closed: what its user got or was told before stands. */
  async #cleanAndEnd(): Promise<void> {
    try {
      await this.#driver.releaseConnection(this.#connection);
    } catch {
      await this.end("unclean").catch(() => undefined); // the pool tries again, and tells when it closes
    }
    void this.#end();
  }

  #end(): Promise<void> | undefined {
    if (this.#over) return undefined;
    this.#over = true;
    return this.#giveBack(this);
  }
}
