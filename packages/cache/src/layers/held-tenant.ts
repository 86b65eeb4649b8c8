import type { TenantRecord } from "@af-tenancy/core";
import type { Chanced } from "./second-chance.ts";

/** A tenant, and what was known of the registry's changes when it was read. */
export interface Reading {
  readonly tenant: TenantRecord;
  /** It includes every change up to this sequence number. */
  readonly asOf: number;
}

/** What memory keeps of a reading; times are those of `Clock.monotonic`. */
export interface TimedReading extends Reading {
  /** The latest change of the tenant that is known: references older than that are worthless. */
  readonly changedAt: number;
  /** When this was certainly what the registry says. */
  readonly knownAt: number;
  /** From when on it is read again in the background. */
  readonly refreshAt: number;
  /** From when on nobody is served from it. */
  readonly expiresAt: number;
}

/** A tenant's place in memory, to which its references point. */
export class HeldTenant implements Chanced, TimedReading {
  tenant: TenantRecord;
  asOf: number;
  changedAt: number;
  knownAt: number;
  refreshAt: number;
  expiresAt: number;
  used = false;
  /** It was dropped, and is no longer anybody's. */
  isGone = false;

  constructor({ tenant, asOf, changedAt, knownAt, refreshAt, expiresAt }: TimedReading) {
    this.tenant = tenant;
    this.asOf = asOf;
    this.changedAt = changedAt;
    this.knownAt = knownAt;
    this.refreshAt = refreshAt;
    this.expiresAt = expiresAt;
  }

  /** Takes what was read later, so that the references that lead here need not be read again. */
  renew({ tenant, asOf, changedAt, knownAt, refreshAt, expiresAt }: TimedReading): void {
    this.tenant = tenant;
    this.asOf = asOf;
    this.changedAt = changedAt;
    this.knownAt = knownAt;
    this.refreshAt = refreshAt;
    this.expiresAt = expiresAt;
  }
}
