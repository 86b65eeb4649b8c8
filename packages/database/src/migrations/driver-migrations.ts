import {
  type Clock,
  InvalidInputError,
  type MigratedTenant,
  MigrationLockedError,
  type MigrationRequest,
  type MigrationRun,
  type MigrationStatus,
  type Placement,
  type Tenant,
  type TenantDatabase,
  type TenantMigrations,
} from "@af-tenancy/core";
import { sqlRunner } from "../connection/dialect.ts";
import type { TenantPreparation } from "../tenants/tenant-preparation.ts";
import { checkMigrationRequest } from "./check-migration-request.ts";
import type { MigratedSchema } from "./migrated-schema.ts";
import type { MigrationRunner } from "./migration-runner.ts";

/** The migrations of one driver's tenants. */
export class DriverMigrations implements TenantMigrations {
  readonly #schema: MigratedSchema;
  readonly #databaseOf: (tenant: Tenant) => TenantDatabase;
  readonly #preparation: Pick<TenantPreparation, "work">;

  constructor(
    schema: MigratedSchema,
    databaseOf: (tenant: Tenant) => TenantDatabase,
    preparation: Pick<TenantPreparation, "work">,
  ) {
    this.#schema = schema;
    this.#databaseOf = databaseOf;
    this.#preparation = preparation;
  }

  get folders(): readonly string[] {
    return this.#schema.folders;
  }

  version(_placement: Placement): string {
    return this.#schema.set.version;
  }

  isBehind({ schemaVersion }: MigratedTenant): boolean {
    return this.#schema.set.isBehind(schemaVersion);
  }

  status(tenant: Tenant): Promise<MigrationStatus> {
    return this.#on(tenant, (runner) => runner.status(this.#schema.listTables));
  }

  async run(tenant: Tenant, request: MigrationRequest = {}): Promise<MigrationRun> {
    checkMigrationRequest(request);
    const { strategy } = this.#databaseOf(tenant).placement;
    if (request.direction === "fresh" && strategy === "row") {
      const rule = "its tables are shared with others: purge the tenant instead";
      throw new InvalidInputError("direction", "fresh", rule);
    }
    return this.#on(tenant, (runner) =>
      request.dryRun === true
        ? runner.rehearse(request, this.#schema.listTables)
        : runner.run(request),
    );
  }

  async resolve(tenant: Tenant, name: string, outcome: "applied" | "reverted"): Promise<void> {
    if (outcome !== "applied" && outcome !== "reverted") {
      throw new InvalidInputError("outcome", String(outcome), 'say "applied" or "reverted"');
    }
    const isDirty = await this.#on(tenant, (runner) => runner.resolve(name, outcome));
    if (isDirty) return;
    throw new InvalidInputError("name", String(name), "name the migration that was cut off");
  }

  /** Names the tables that a tenant's database is to have for itself: those that are there, and those that are not. */
  async ownTablesIn(database: TenantDatabase): Promise<OwnTables> {
    const { ownTables } = await this.#schema.load();
    if (ownTables.length === 0) return { present: [], missing: [] };
    return this.#preparation.work(database, async ({ connection }) => {
      const { listTables } = this.#schema;
      const rows = await sqlRunner(connection)<{ readonly table_name: string }>(listTables);
      const names = new Set(rows.map(({ table_name }) => table_name));
      return {
        present: ownTables.filter((table) => names.has(table)),
        missing: ownTables.filter((table) => !names.has(table)),
      };
    });
  }

  /** What a migration set on its connection is gone with it, where it is not made clean; so after a failure. */
  async #on<R>(tenant: Tenant, work: (runner: MigrationRunner) => Promise<R>): Promise<R> {
    const database = this.#databaseOf(tenant);
    let runner: MigrationRunner | undefined;
    let isDone = false;
    return this.#preparation.work(
      database,
      async (lease) => {
        runner = this.#schema.runner(lease, database);
        const result = await work(runner);
        isDone = true;
        return result;
      },
      () => !(isDone && runner?.isCleaned === true),
    );
  }
}

/** Names of tables. */
export interface OwnTables {
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** Runs work again while another process runs the same database's migrations, for as long as that may take. */
export async function onceUnlocked<R>(
  clock: Pick<Clock, "sleep" | "monotonic">,
  work: () => Promise<R>,
): Promise<R> {
  const until = clock.monotonic() + patience;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MigrationLockedError) || clock.monotonic() > until) throw error;
    }
    await clock.sleep(pause);
  }
}

const patience = 60_000;
const pause = 50;
