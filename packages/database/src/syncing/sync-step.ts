import type { ChangeKind } from "./pending-changes.ts";

/**
 * One step of syncing: what changed of a record in a tenant's database is brought to the central one, or what the central
 * one has to a tenant. It may be done at any time, by anybody, any number of times.
 */
export interface SyncStep {
  readonly to: "central" | "tenant";
  readonly resource: string;
  readonly globalId: string;
  /** Whose changes are collected, or who gets them. */
  readonly tenantId: string;
  /** What it is for; what is done depends on the databases alone. */
  readonly cause: SyncCause;
}

/** What a step is for. */
export type SyncCause = ChangeKind | "attached" | "detached" | "left";

/** What a step did to the database that it brought changes to. */
export type SyncAction = "created" | "updated" | "trashed" | "restored" | "removed";
