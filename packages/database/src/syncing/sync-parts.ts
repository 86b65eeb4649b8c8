import type { SqlEntityManager } from "@mikro-orm/sql";
import type { KnownResource, KnownResources } from "./known-resources.ts";
import type { NewValues } from "./synced-resource.ts";

/** What the steps of syncing work with. */
export interface SyncParts {
  readonly known: KnownResources;
  /** Milliseconds since 1970. */
  now(): number;
  /** Has what an entity manager writes count as synced; gives it. */
  syncing(em: SqlEntityManager): SqlEntityManager;
}

/** The record's synced fields and global id, and what new records get; the latter takes precedence. */
export function creationOf<From extends object>(
  from: From,
  { globalId, fields }: KnownResource,
  values: NewValues<From> | undefined,
): Record<string, unknown> {
  const given = typeof values === "function" ? values(from) : values;
  const copied = [globalId, ...fields].map((name) => [name, Reflect.get(from, name)] as const);
  return { ...Object.fromEntries(copied), ...given, [globalId]: Reflect.get(from, globalId) };
}
