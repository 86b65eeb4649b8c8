import type { TenantDatabase } from "@af-tenancy/core";
import { PoolExhaustedError } from "../../errors.ts";
import { connectionChannel, leakChannel } from "./pool-channels.ts";
import type { PoolLease } from "./pool-lease.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** Counts what happens in a pool and tells it to whoever listens. */
export class PoolEvents {
  readonly #server: string;
  readonly #now: () => number;
  #leases = 0;
  #opened = 0;
  #exhausted = 0;

  constructor(server: string, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  get counts(): { readonly leases: number; readonly opened: number; readonly exhausted: number } {
    return { leases: this.#leases, opened: this.#opened, exhausted: this.#exhausted };
  }

  leased({ terms: { borrower } }: PoolLease): void {
    this.#leases += 1;
    if (connectionChannel.hasSubscribers) this.#tell("leased", borrower.database, {});
  }

  released({ terms: { borrower }, lentAt }: PoolLease): void {
    if (!connectionChannel.hasSubscribers) return;
    this.#tell("released", borrower.database, { milliseconds: this.#now() - lentAt });
  }

  opened({ database, openedAt }: PooledConnection): void {
    this.#opened += 1;
    if (!connectionChannel.hasSubscribers) return;
    this.#tell("opened", database, { milliseconds: this.#now() - openedAt });
  }

  failed(database: TenantDatabase, error: unknown): void {
    if (connectionChannel.hasSubscribers) this.#tell("failed", database, { error });
  }

  closed({ database, retired: reason }: PooledConnection): void {
    if (connectionChannel.hasSubscribers) this.#tell("closed", database, { reason });
  }

  /** `error` is there when the wait was in vain. */
  waited(database: TenantDatabase, since: number, error?: unknown): void {
    if (error instanceof PoolExhaustedError) this.#exhausted += 1;
    if (!connectionChannel.hasSubscribers) return;
    const milliseconds = this.#now() - since;
    this.#tell(
      "waited",
      database,
      error === undefined ? { milliseconds } : { milliseconds, error },
    );
  }

  leaked({ terms: { borrower, stack }, lentAt }: PoolLease): void {
    if (!leakChannel.hasSubscribers) return;
    const { tenantId, placement } = borrower.database;
    const milliseconds = this.#now() - lentAt;
    const { name } = placement;
    leakChannel.publish({ server: this.#server, tenantId, name, milliseconds, stack });
  }

  #tell(event: string, { tenantId, placement }: TenantDatabase, more: object): void {
    const { name } = placement;
    connectionChannel.publish({ event, server: this.#server, tenantId, name, ...more });
  }
}
