import type { MaybePromise, Tenancy, Tenant, TenantDatabases } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** The parts of the contract, each of which may be left out with a reason. */
export type SeedingGroup = "seeders" | "transactions" | "rows" | "refusals" | "processes";

/** How the contract gets at the seeding that it checks. */
export interface TenantSeedingHarness {
  /** Makes a place for the tenants of one test, such as a folder; nobody else's tenants are there. */
  create(): MaybePromise<SeedingPlace>;
  /** A lock of another process is waited for some seconds, so that only the long run looks at that. */
  readonly waitsForLocks?: boolean;
  readonly leftOut?: LeftOut<SeedingGroup>;
}

/** Where the tenants of one test live. */
export interface SeedingPlace {
  /**
   * Starts an application there, beside those that were started before, which waits for locks a moment only. Its one
   * entity `Note` has an `id`, a text of 36 characters, and a `text`.
   */
  start(makeSeeders: MakeSeeders): MaybePromise<SeededSite>;
  /**
   * Has a process of its own run a seeder for a tenant of an application that was started: `whole` is a function that
   * writes 30 notes and waits, and `batched` gives 35 rows for batches of ten and waits; their texts are numbers of four
   * digits from 0000 on.
   */
  seedInProcess(tenant: Tenant, seeder: string): SeedingProcess;
  /** Closes the applications and removes the place. */
  remove(): MaybePromise<void>;
}

/** Makes seeders of the entity `Note`, as the driver's option takes them. */
export type MakeSeeders = (note: unknown) => Readonly<Record<string, never>>;

/** An application whose tenants are seeded. */
export interface SeededSite {
  readonly databases: TenantDatabases;
  readonly tenancy: Tenancy;
  /** The entity manager of the current tenant. */
  em(): SeedingManager;
  /** The entity `Note`. */
  readonly note: unknown;
}

/** What the contract needs of an entity manager. */
export interface SeedingManager {
  insertMany(entity: unknown, rows: readonly object[]): Promise<unknown>;
  create(entity: unknown, row: object): object;
  count(entity: unknown): Promise<number>;
  findAll(entity: unknown): Promise<unknown>;
  transactional(work: (em: SeedingManager) => Promise<unknown>): Promise<unknown>;
}

/** A process that seeds a tenant. */
export interface SeedingProcess {
  /** Waits until it has written some of the rows, and waits itself. */
  begun(): Promise<void>;
  /** Ends it without a word, as a crash does. */
  kill(): Promise<void>;
}
