import type { Borrower } from "./borrower.ts";
import type { Closer } from "./closer.ts";
import type { IdleConnections } from "./idle-connections.ts";
import type { Lane, Waiter } from "./lane.ts";
import type { LeaseRules } from "./lease-rules.ts";
import type { Leases } from "./leases.ts";
import type { Opener } from "./opener.ts";
import type { Places } from "./places.ts";
import type { LeaseTerms, PoolLease } from "./pool-lease.ts";
import type { CloseReason, PooledConnection } from "./pooled-connection.ts";
import type { WaitingLine } from "./waiting-line.ts";

/** What a service hands out, to whom, and by which rules. */
export interface ServiceOptions {
  readonly line: WaitingLine;
  readonly rules: LeaseRules;
  readonly idle: IdleConnections;
  readonly leases: Leases;
  readonly places: Places;
  readonly opener: Opener;
  readonly closer: Closer;
  now(): number;
  lend(terms: LeaseTerms, connection: PooledConnection): PoolLease;
  discard(connection: PooledConnection, reason: CloseReason): void;
}

/** Gives connections to those who wait, and has connections opened and closed for them. */
export class Service {
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Takes an idle connection for somebody who comes now, unless others come first. */
  takeIdle({ borrower, bulk, since }: LeaseTerms): PooledConnection | undefined {
    const { idle, line, rules } = this.#options;
    idle.note(borrower);
    if (borrower.waiting > 0 || rules.isBarred(borrower) || !rules.isRoom(0, bulk))
      return undefined;
    if (rules.isSated(borrower) && (line.normal.size > 0 || !rules.mayExceed())) return undefined;
    const connection = idle.take(borrower);
    if (connection === undefined) return undefined;
    connection.turnEnds = since + turn;
    this.#openSeat(connection, borrower);
    return connection;
  }

  /** Gives a new connection to the one it was opened for. */
  handOver(connection: PooledConnection, borrower: Borrower): void {
    const { idle, line, now } = this.#options;
    connection.turnEnds = now() + turn;
    for (const lane of [line.nested, line.normal, line.bulk]) {
      const waiter = lane.firstOf(borrower);
      if (waiter !== undefined && this.#mayHave(waiter)) {
        this.#give(lane, waiter, connection);
        return;
      }
    }
    idle.add(connection);
  }

  /**
   * Puts back a connection. Where another tenant would need another one, the same tenant's next user may have it until
   * its turn ends, because opening takes longer than many queries.
   */
  putBack(connection: PooledConnection, borrower: Borrower, time: number): void {
    const { idle, line, rules } = this.#options;
    connection.idleSince = time;
    const waiter = borrower.isShared ? undefined : line.normal.firstOf(borrower);
    const isTurn = line.nested.size === 0 && time < connection.turnEnds;
    if (waiter === undefined || !isTurn || rules.isSated(borrower) || !this.#mayHave(waiter)) {
      idle.add(connection);
    } else {
      waiter.resolve(this.#options.lend(waiter.terms, connection));
    }
  }

  /** Serves those who wait, as far as there is something for them. */
  serve(): void {
    const { line, leases } = this.#options;
    if (line.size === 0) return;
    const { nested, normal, bulk } = line;
    const promised = new Set<string>();
    // One piece of background work goes on whatever else there is, so that it is never starved.
    const lanes = leases.bulk === 0 ? [nested, bulk, normal] : [nested, normal, bulk];
    for (const lane of lanes) while (this.#serveLane(lane, promised));
  }

  /** Gives each tenant of a lane one connection at most; tells whether any got one. */
  #serveLane(lane: Lane, promised: Set<string>): boolean {
    const { rules, line, now } = this.#options;
    const time = now();
    const sated: Waiter[] = [];
    let lent = false;
    let isAnyStarved = false;
    for (const waiter of lane.next(wide)) {
      if (lane !== line.nested && rules.isSated(waiter.terms.borrower)) {
        sated.push(waiter);
        continue;
      }
      const served = this.#serveOne(lane, waiter, waiter.terms.bulk ? time - warm : time, promised);
      lent ||= served === "lent";
      isAnyStarved ||= served === "starved";
    }
    if (isAnyStarved) return lent;
    for (const waiter of sated) {
      if (!rules.mayExceed()) break;
      lent = this.#serveOne(lane, waiter, time - warm, promised) === "lent" || lent;
    }
    return lent;
  }

  /** `since` is how long a connection of others has to have been idle to make room. */
  #serveOne(lane: Lane, waiter: Waiter, since: number, promised: Set<string>): Served {
    const { idle, rules, now } = this.#options;
    const { borrower } = waiter.terms;
    if (rules.isBarred(borrower)) return "barred";
    if (!this.#mayHave(waiter)) return "starved";
    const connection = idle.take(borrower);
    if (connection === undefined) return this.#bring(waiter, since, promised);
    connection.turnEnds = now() + turn;
    this.#openSeat(connection, borrower);
    this.#give(lane, waiter, connection);
    return "lent";
  }

  /** Has a connection opened, or a place made for it; what is closing makes place for one target each. */
  #bring({ terms, depth }: Waiter, since: number, promised: Set<string>): Served {
    const { idle, leases, places, rules, opener, closer, discard } = this.#options;
    const { borrower } = terms;
    if (opener.isBusy(borrower) || promised.has(borrower.target)) return "coming";
    if (leases.size + opener.size >= rules.most(depth)) return "starved";
    if (places.isFree) {
      places.take();
      opener.open(borrower);
      return "coming";
    }
    if (promised.size >= closer.size) {
      const longest = idle.takeForRoom(since);
      if (longest === undefined) return "starved";
      discard(longest, "evicted");
    }
    promised.add(borrower.target);
    return "coming";
  }

  /** Nobody waits for another connection when this one serves as well, but the next lease will not have to enter it. */
  #openSeat({ seat }: PooledConnection, borrower: Borrower): void {
    const { opener, places } = this.#options;
    if (seat === borrower.seat || !places.isFree || opener.isBusy(borrower)) return;
    places.take();
    opener.open(borrower);
  }

  #mayHave({ terms: { borrower, bulk }, depth }: Waiter): boolean {
    const { rules } = this.#options;
    return !rules.isBarred(borrower) && rules.isRoom(depth, bulk);
  }

  #give(lane: Lane, waiter: Waiter, connection: PooledConnection): void {
    waiter.resolve(this.#options.lend(waiter.terms, connection));
    lane.turn(waiter.terms.borrower);
  }
}

type Served = "lent" | "coming" | "starved" | "barred";

/** Milliseconds that a connection serves its tenant while others wait for its place. */
const turn = 20;
/** Milliseconds for which a connection that nobody uses is still left to its tenant when another wants more than its share. */
const warm = 500;
/** How many tenants are looked at in one round; those behind them have their turn when these had theirs. */
const wide = 100;
