import {
  type CacheStore,
  ConfigurationError,
  checkKnownOptions,
  type Tenant,
} from "@af-tenancy/core";
import { wholeNumber } from "../whole-number.ts";
import { longestTtl } from "./check-calls.ts";

/** Where the application's caches are, and for how long; times are milliseconds. */
export interface ApplicationCachesOptions {
  /** Where entries are kept, by names of `[a-z0-9-]`; `default` is the one that is asked for without a name. */
  readonly stores: Readonly<Record<string, CacheStore>>;
  /** How long something is kept that is set without a time, up to 30 days; 3,600,000 when absent. */
  readonly ttl?: number;
  /** The most characters of a value as JSON, up to 100,000,000; 1,000,000 when absent. */
  readonly maxLength?: number;
  /** How long `getOrSet` waits for another's making before it makes the value too, up to a day; 30,000 when absent. */
  readonly patience?: number;
  /** What becomes of reading and writing while a store cannot be asked: `miss` when absent. */
  readonly onUnavailable?: "miss" | "throw";
  /**
   * What stands before a tenant's keys in stores that people look into, up to 64 of `[A-Za-z0-9._-]`. Tenants are kept
   * apart whatever it gives; nothing when absent.
   */
  readonly label?: (tenant: Tenant, store: string) => string;
}

/** Options with every default in its place. */
export type CheckedCachesOptions = Required<Omit<ApplicationCachesOptions, "label">> & {
  readonly label: ApplicationCachesOptions["label"];
};

/** Checks options and fills in defaults; throws `ConfigurationError`. */
export function checkCachesOptions(options: ApplicationCachesOptions): CheckedCachesOptions {
  const name = "applicationCaches";
  checkKnownOptions<ApplicationCachesOptions>(name, options, {
    stores: true,
    ttl: true,
    maxLength: true,
    patience: true,
    onUnavailable: true,
    label: true,
  });
  const { stores, ttl, maxLength, patience, onUnavailable = "miss", label } = options;
  checkStores(`${name}.stores`, stores);
  if (onUnavailable !== "miss" && onUnavailable !== "throw") {
    const remedy = 'pass "miss" or "throw".';
    throw new ConfigurationError(`${name}.onUnavailable`, "neither of the two", remedy);
  }
  if (label !== undefined && typeof label !== "function") {
    const remedy = "pass a function of a tenant and the name of a store.";
    throw new ConfigurationError(`${name}.label`, `of type ${typeof label}`, remedy);
  }
  return {
    stores: Object.freeze({ ...stores }),
    ttl: wholeNumber(`${name}.ttl`, ttl ?? 3_600_000, 1, longestTtl),
    maxLength: wholeNumber(`${name}.maxLength`, maxLength ?? 1_000_000, 100, 100_000_000),
    patience: wholeNumber(`${name}.patience`, patience ?? 30_000, 1, 86_400_000),
    onUnavailable,
    label,
  };
}

/** Gives a label that may stand in a key; throws `ConfigurationError`. */
export function checkLabel(label: unknown): string {
  if (typeof label === "string" && /^[A-Za-z0-9._-]{1,64}$/.test(label)) return label;
  const given = typeof label === "string" ? JSON.stringify(label.slice(0, 64)) : typeof label;
  const remedy = "have it give 1 to 64 letters, digits, dots, hyphens and underscores.";
  throw new ConfigurationError("applicationCaches.label", `giving ${given}`, remedy);
}

function checkStores(key: string, stores: ApplicationCachesOptions["stores"]): void {
  if (typeof stores !== "object" || stores === null || stores.default === undefined) {
    const remedy = "pass at least { default: memoryCache() }.";
    throw new ConfigurationError(key, "without a default", remedy);
  }
  const seen: CacheStore[] = [];
  for (const [name, store] of Object.entries(stores)) {
    if (!/^[a-z0-9-]{1,32}$/.test(name)) {
      const remedy = "name stores with 1 to 32 lower-case letters, digits and hyphens.";
      throw new ConfigurationError(key, `with the name ${JSON.stringify(name)}`, remedy);
    }
    if (typeof store?.open !== "function") {
      const remedy = "pass what memoryCache(), redisCache(), keyvCache() or databaseCache() gave.";
      throw new ConfigurationError(`${key}.${name}`, "no store", remedy);
    }
    if (seen.includes(store)) {
      throw new ConfigurationError(`${key}.${name}`, "there twice", "make a store for each name.");
    }
    if (seen.some(({ place }) => place !== undefined && place === store.place)) {
      const remedy = "keep one store there, or use another kind for one of them.";
      throw new ConfigurationError(`${key}.${name}`, "where another store is already", remedy);
    }
    seen.push(store);
  }
}
