// For applications
export { sqlite } from "./sqlite.ts";
export type { JournalMode, SqliteCentralOptions, SqliteOptions } from "./sqlite-options.ts";
export type { SqliteRegistryOptions } from "./sqlite-registry.ts";
export { sqliteRegistry } from "./sqlite-registry.ts";
export { sqliteStoreMigrations } from "./store-migrations.ts";
