import { defineEntity, p } from "@mikro-orm/sql";

/** How the tables of a cache are made. */
export interface CacheTablesOptions {
  /**
   * The collation of keys and owners; the database's when absent. It is to compare byte by byte: on MariaDB
   * `utf8mb4_nopad_bin`, on MySQL `utf8mb4_0900_bin`; SQLite and PostgreSQL do so by themselves.
   */
  readonly collation?: string;
}

/**
 * Makes the entities of the tables in which `databaseCache` keeps a cache: `cache` and `cache_locks`. Each tenant's database
 * needs them, and the central one where `globalCache()` is kept in it. Call it once for each.
 *
 * @example sqlite({ folder, entities: [Note, ...cacheTables()] })
 */
export function cacheTables({ collation }: CacheTablesOptions = {}) {
  const text = () => {
    const property = p.string().length(255);
    return collation === undefined ? property : property.collation(collation);
  };
  return [
    defineEntity({
      name: entryTable,
      tableName: "cache",
      properties: {
        /** As the application named it. */
        key: text().primary(),
        value: p.text().length(longest),
        expiresAt: p.bigint("number").nullable().index(),
      },
    }),
    defineEntity({
      name: lockTable,
      tableName: "cache_locks",
      properties: {
        /** `lock:<name>`; `version:...` of what is cleared at once. */
        key: text().primary(),
        owner: text(),
        expiresAt: p.bigint("number").index(),
      },
    }),
  ] as const;
}

/** Names of the entities. */
export const entryTable = "TenantCacheEntry";
export const lockTable = "TenantCacheLock";

/** Has MySQL and MariaDB take a type that holds more than 64 KB. */
const longest = 4_294_967_295;
