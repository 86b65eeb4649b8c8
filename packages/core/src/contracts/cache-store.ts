import type { GetValue } from "./bootstrapper.ts";
import type { TenancyComponent } from "./component.ts";

/** Where caches keep their entries: one place for all tenants, or each tenant's own. */
export interface CacheStore extends TenancyComponent {
  /** What holds one store only, such as tenants' databases with one table for it: no other store may name the same. */
  readonly place?: object;
  /** Gives the entries of one owner and no others; synchronous, opens nothing. */
  open(space: CacheSpace): CacheEntries;
  /** Frees what a tenant has that is gone; absent where it went with the tenant. */
  purge?(tenantId: string): Promise<void>;
}

/** Whose entries. */
export interface CacheSpace {
  /** A tenant in one generation of its data; `undefined` for the global cache. */
  readonly owner: CacheOwner | undefined;
  /** Name of the store in the application. */
  readonly store: string;
  /** Put before keys where people may read them: up to 64 of `[A-Za-z0-9._-]`. */
  readonly label: string | undefined;
  /** Reads the values of the owner's stay; `undefined` for the global cache. */
  readonly get: GetValue | undefined;
}

/** One generation of a tenant's data. */
export interface CacheOwner {
  readonly tenantId: string;
  readonly generation: number;
}

/** The entries of one owner. Every call throws `CacheUnavailableError` where the store cannot be asked. */
export interface CacheEntries {
  /** Gives the texts under keys, in their order. */
  getMany(keys: readonly CacheKey[]): Promise<readonly (string | undefined)[]>;
  /** Writes texts that are gone after so many milliseconds, at the latest. */
  setMany(entries: readonly CacheEntry[], ttl: number): Promise<void>;
  /** Removes keys; tells how many there were. */
  deleteMany(keys: readonly CacheKey[]): Promise<number>;
  /**
   * In one step: where the text is the expected one (`undefined` is none), writes another or, with `undefined`, removes it.
   * Without `ttl` it keeps the time that it had. Tells whether it was.
   */
  replace(
    key: CacheKey,
    expected: string | undefined,
    text: string | undefined,
    ttl?: number,
  ): Promise<boolean>;
  /**
   * Whether the caller sees what others do not see yet, such as in a transaction: what it makes then is not shared with
   * them. Absent where that is never so.
   */
  isApart?(): boolean;
  /** Frees the values, which nobody can read any more. */
  clear(): Promise<void>;
}

/** Names an entry: any well-formed text of up to 240 characters without a NUL. Kinds have their own. */
export interface CacheKey {
  /** Values may be forgotten early; locks, and versions of what is cleared at once, must not be. */
  readonly kind: "value" | "lock" | "version";
  readonly name: string;
}

/** What is written. */
export interface CacheEntry {
  readonly key: CacheKey;
  readonly text: string;
}
