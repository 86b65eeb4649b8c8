import type { Clock } from "../contracts/clock.ts";
import type { JsonValue, Placement, Tenant } from "../contracts/tenant.ts";
import type {
  AppliedMigration,
  MigratedTenant,
  MigrationDone,
  MigrationRequest,
  MigrationRun,
  MigrationStatus,
  TenantMigrations,
} from "../contracts/tenant-migrations.ts";
import { MigrationFailedError, MigrationLockedError } from "../errors/migration-errors.ts";
import { InvalidInputError } from "../errors/registry-errors.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { MemoryDatabase } from "./memory-database-manager.ts";

/** One step in the life of a memory database's rows. */
export interface MemoryMigration {
  /** Unique, and in order. */
  readonly name: string;
  /** Changes a copy of the rows, which takes their place when it has. */
  up(rows: Map<string, JsonValue>): MaybePromise<void>;
  /** Takes the step back; a step without it stays. */
  down?(rows: Map<string, JsonValue>): MaybePromise<void>;
}

/** Runs migrations of memory databases, each as a whole or not at all. */
export class MemoryMigrations implements TenantMigrations {
  readonly #list: readonly MemoryMigration[];
  readonly #clock: Clock;
  readonly #open: (tenant: Tenant) => MemoryDatabase;

  constructor(
    list: readonly MemoryMigration[],
    clock: Clock,
    open: (tenant: Tenant) => MemoryDatabase,
  ) {
    this.#list = list;
    this.#clock = clock;
    this.#open = open;
  }

  version(_placement: Placement): string {
    return this.#list.at(-1)?.name ?? "";
  }

  isBehind({ schemaVersion }: MigratedTenant): boolean {
    if (schemaVersion === undefined) return this.#list.length > 0;
    const reached = this.#list.findIndex(({ name }) => name === schemaVersion);
    return reached !== -1 && reached < this.#list.length - 1;
  }

  async status(tenant: Tenant): Promise<MigrationStatus> {
    const { applied } = this.#open(tenant);
    const pending = this.#pending(applied).map(({ name }) => name);
    return { version: versionOf(applied), applied: [...applied], pending, dirty: undefined };
  }

  async run(tenant: Tenant, request: MigrationRequest = {}): Promise<MigrationRun> {
    const database = this.#open(tenant);
    if (database.locked) throw new MigrationLockedError(tenant.id);
    database.locked = true;
    const before = versionOf(database.applied);
    try {
      const migrations: MigrationDone[] = [];
      for (const step of this.#steps(database, request)) {
        request.signal?.throwIfAborted();
        const started = this.#clock.monotonic();
        if (request.dryRun !== true) await runStep(tenant, database, step, this.#clock.now());
        const milliseconds = this.#clock.monotonic() - started;
        migrations.push({ name: step.migration.name, milliseconds, sql: undefined });
      }
      return { before, after: versionOf(database.applied), migrations };
    } finally {
      database.locked = false;
    }
  }

  /** None is ever cut off half-way. */
  async resolve(_tenant: Tenant, name: string): Promise<void> {
    throw new InvalidInputError("name", name, "no migration was cut off half-way");
  }

  #steps(database: MemoryDatabase, { direction = "up", steps, dryRun }: MigrationRequest): Step[] {
    if (direction === "down") {
      const last = database.applied.slice(-(steps ?? 1)).reverse();
      return last.map(({ name }) => ({ migration: this.#find(name), isUp: false }));
    }
    const isFresh = direction === "fresh";
    if (isFresh && dryRun !== true) {
      database.rows.clear();
      database.seeded.clear();
      database.applied = [];
    }
    const pending = isFresh ? this.#list : this.#pending(database.applied);
    return pending.slice(0, steps).map((migration) => ({ migration, isUp: true }));
  }

  #pending(applied: readonly AppliedMigration[]): readonly MemoryMigration[] {
    return this.#list.filter(({ name }) => !applied.some((one) => one.name === name));
  }

  #find(name: string): MemoryMigration {
    const found = this.#list.find((migration) => migration.name === name);
    if (found?.down !== undefined) return found;
    throw new InvalidInputError(
      "direction",
      "down",
      `the migration "${name}" cannot be taken back`,
    );
  }
}

/** A migration, and whether it is run or taken back. */
interface Step {
  readonly migration: MemoryMigration;
  readonly isUp: boolean;
}

async function runStep(
  { id }: Tenant,
  database: MemoryDatabase,
  { migration, isUp }: Step,
  at: number,
): Promise<void> {
  const rows = new Map(structuredClone([...database.rows]));
  try {
    await (isUp ? migration.up(rows) : migration.down?.(rows));
  } catch (cause) {
    throw new MigrationFailedError(id, migration.name, undefined, { cause });
  }
  database.rows.clear();
  for (const [key, value] of rows) database.rows.set(key, value);
  if (isUp) database.applied.push({ name: migration.name, at });
  else database.applied.pop();
}

function versionOf(applied: readonly AppliedMigration[]): string | undefined {
  return applied.at(-1)?.name;
}
