import { ConfigurationError, DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { LeaseRequest } from "../connection/lease-request.ts";
import { QueryTimeoutError } from "../errors.ts";
import { DatabaseRefusedError, DatabaseUnavailableError } from "../server-errors.ts";
import type { ReadFrom } from "./read-from.ts";
import { refusingSecond } from "./refusing-second.ts";
import type { TenantReplica, TenantSource } from "./tenant-source.ts";

/** Gives where a tenant's reader reads from; throws `ConfigurationError` for replicas that its server has not. */
export function readingSource(source: TenantSource, from: ReadFrom): TenantSource {
  const replicas = source.replicas ?? [];
  if (from === "primary" || (from === "any" && replicas.length === 0)) return source;
  const { server } = source.database.placement;
  const sorted = replicas.map(({ name }) => `"${name}"`).sort();
  const names = sorted.join(", ") || "none";
  if (typeof from === "object" && replicas.some(({ name }) => name === from.replica)) {
    return new ReplicaSource(source, ({ name }) => name === from.replica, false);
  }
  if (replicas.length > 0 && (from === "any" || from === "replicas")) {
    return new ReplicaSource(source, () => true, from === "any");
  }
  throw new ConfigurationError(
    "readOnly({ from })",
    JSON.stringify(from),
    `the server "${server}" has the replicas: ${names}; name them in its "replicas", or read from "any" or "primary".`,
  );
}

/**
 * Leases of connections for reading one tenant's database on read replicas of its server: on the first that can be
 * reached and has it, or else on the server itself where that is wanted.
 */
class ReplicaSource implements TenantSource {
  readonly single = false;
  readonly mayLag = true;
  readonly #primary: TenantSource;
  readonly #isChosen: (replica: TenantReplica) => boolean;
  readonly #fallsBack: boolean;

  constructor(
    primary: TenantSource,
    isChosen: (replica: TenantReplica) => boolean,
    fallsBack: boolean,
  ) {
    this.#primary = primary;
    this.#isChosen = isChosen;
    this.#fallsBack = fallsBack;
  }

  get database(): TenantDatabase {
    return this.#primary.database;
  }

  recheck(): void {
    this.#primary.recheck?.();
  }

  /** Throws what the last replica failed with, where there is no way but replicas. */
  async lease(request?: LeaseRequest): Promise<ConnectionLease> {
    let failure: unknown;
    for (const { source, health } of (this.#primary.replicas ?? []).filter(this.#isChosen)) {
      if (!health.mayTry()) {
        failure ??= health.failure;
        continue;
      }
      try {
        const lease = await source.lease(request);
        health.answered();
        return lease;
      } catch (error) {
        if (isOutage(error)) health.failed(error);
        else if (!(error instanceof DatabaseNotReadyError)) throw error;
        failure = error;
      }
    }
    if (this.#fallsBack) return refusingSecond(this.#primary).lease(request);
    throw failure;
  }
}

/** A statement that takes too long is none of a reader's own, who has no connection yet. */
const outages = [DatabaseUnavailableError, DatabaseRefusedError, QueryTimeoutError];

/** Waiting longer would not help, and another server may. */
function isOutage(error: unknown): boolean {
  return outages.some((outage) => error instanceof outage);
}
