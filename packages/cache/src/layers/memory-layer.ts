import type { TenantReference } from "@af-tenancy/core";
import { type KeptReference, keyOf } from "../tenant-keys.ts";
import { HeldTenant, type TimedReading } from "./held-tenant.ts";
import { type Chanced, SecondChance } from "./second-chance.ts";

/**
 * Two maps in this process: references to places, and ids to places with their tenants, each with those that were used
 * lately. A change drops one tenant, and with it what its references are worth. Names that lead nowhere are kept apart,
 * so that whoever tries many of them pushes no tenant out.
 */
export class MemoryLayer {
  readonly #tenants: SecondChance<HeldTenant>;
  readonly #domains: SecondChance<HeldReference>;
  readonly #slugs: SecondChance<HeldReference>;
  readonly #unknown: SecondChance<Unknown> | undefined;

  constructor(maxTenants: number, maxUnknown: number) {
    this.#tenants = new SecondChance(maxTenants);
    this.#domains = new SecondChance(maxTenants * 2);
    this.#slugs = new SecondChance(maxTenants);
    this.#unknown = maxUnknown === 0 ? undefined : new SecondChance(maxUnknown);
  }

  find({ by, value }: TenantReference): HeldTenant | undefined {
    if (by === "domain") return referred(this.#domains.get(value));
    if (by === "slug") return referred(this.#slugs.get(value));
    return by === "id" ? this.#tenants.get(value) : undefined;
  }

  /** Keeps a tenant under the reference by which it was found; gives what is there, which is a newer version if any. */
  put({ by, value }: KeptReference, reading: TimedReading): HeldTenant {
    const held = this.#place(reading);
    const { asOf } = reading;
    if (by === "domain") this.#domains.set(value, new HeldReference(held, asOf));
    if (by === "slug") this.#slugs.set(value, new HeldReference(held, asOf));
    this.#unknown?.delete(keyOf({ by, value }));
    return held;
  }

  /** Remembers that a reference leads nowhere. */
  putUnknown(reference: KeptReference, until: number): void {
    this.#unknown?.set(keyOf(reference), new Unknown(until));
  }

  isUnknown(reference: KeptReference, now: number): boolean {
    if (this.#unknown === undefined || this.#unknown.size === 0) return false;
    const unknown = this.#unknown.get(keyOf(reference));
    return unknown !== undefined && now < unknown.until;
  }

  /** Drops a tenant that was read before a change, and the answers that named keys lead nowhere. */
  drop(id: string, sequence: number, keys: readonly string[]): void {
    const held = this.#tenants.peek(id);
    if (held !== undefined && held.asOf < sequence) this.#remove(held);
    for (const key of keys) this.#unknown?.delete(key);
  }

  /** Drops one tenant, and every answer that something leads nowhere. */
  forget(id: string): void {
    const held = this.#tenants.peek(id);
    if (held !== undefined) this.#remove(held);
    this.#unknown?.clear();
  }

  clear(): void {
    this.#tenants.clear();
    this.#domains.clear();
    this.#slugs.clear();
    this.#unknown?.clear();
  }

  get size(): { readonly tenants: number; readonly references: number; readonly unknown: number } {
    return {
      tenants: this.#tenants.size,
      references: this.#domains.size + this.#slugs.size,
      unknown: this.#unknown?.size ?? 0,
    };
  }

  #place(reading: TimedReading): HeldTenant {
    const { id, version } = reading.tenant;
    const present = this.#tenants.peek(id);
    if (present !== undefined) {
      if (present.tenant.version <= version) present.renew(reading);
      return present;
    }
    const held = new HeldTenant(reading);
    const gone = this.#tenants.set(id, held);
    if (gone !== undefined) gone.isGone = true;
    return held;
  }

  #remove(held: HeldTenant): void {
    held.isGone = true;
    this.#tenants.delete(held.tenant.id);
  }
}

/** A reference in memory. */
class HeldReference implements Chanced {
  readonly held: HeldTenant;
  readonly asOf: number;
  used = false;

  constructor(held: HeldTenant, asOf: number) {
    this.held = held;
    this.asOf = asOf;
  }
}

/** A name that leads nowhere. */
class Unknown implements Chanced {
  readonly until: number;
  used = false;

  constructor(until: number) {
    this.until = until;
  }
}

/** A change of the tenant may have taken the reference from it. */
function referred(reference: HeldReference | undefined): HeldTenant | undefined {
  if (reference === undefined) return undefined;
  const { held, asOf } = reference;
  if (held.isGone || asOf < held.changedAt) return undefined;
  held.used = true;
  return held;
}
