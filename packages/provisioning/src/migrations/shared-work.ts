import type { MigrationRun, PlannedMark } from "@af-tenancy/core";

/**
 * What one run of a plan does to tables that tenants share: once, by whoever comes first; the others wait for it and get
 * the same result, or the same error.
 */
export class SharedWork {
  readonly #marks = new Map<string, Promise<PlannedMark>>();
  readonly #runs = new Map<string, Promise<MigrationRun>>();

  /** Gives how far the tables were before the plan, as the first one found. */
  mark(shared: string, find: () => Promise<PlannedMark>): Promise<PlannedMark> {
    return once(this.#marks, shared, find);
  }

  /** Gives what the migrations came to; the others have run none. */
  async migrate(shared: string, migrate: () => Promise<MigrationRun>): Promise<MigrationRun> {
    const isFirst = !this.#runs.has(shared);
    const run = await once(this.#runs, shared, migrate);
    return isFirst ? run : { ...run, migrations: [] };
  }

  /** Lets the migrations be run once more, as after a failure that passes by itself. */
  again(): void {
    this.#runs.clear();
  }
}

function once<V>(known: Map<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
