import type { MaybePromise, Tenant } from "@af-tenancy/core";
import type { EntityName, RequiredEntityData, SqlEntityManager } from "@mikro-orm/sql";

/** What puts rows into a tenant's database: all of them in one transaction, or a stream of them in batches. */
export type Seeder = SeederFunction | RowSeeder;

/** Runs in one transaction, which is kept when it resolves and taken back when it rejects. */
export type SeederFunction = (context: SeederContext) => MaybePromise<unknown>;

/** Seeders by name, in the order in which they run. */
export type Seeders = Readonly<Record<string, Seeder>>;

/** What a seeder works with; it runs in the tenant's scope. */
export interface SeederContext {
  readonly tenant: Tenant;
  /** The tenant's entity manager; for a function the one of its transaction, which `db.em()` gives, too. */
  readonly em: SqlEntityManager;
  /** Aborted where the work is to stop. */
  readonly signal: AbortSignal;
  /** Tells whoever watches how far the seeder is, in a unit of its own. */
  progress(done: number, total?: number): void;
}

/** Gives the rows of one entity, which are written in batches with a transaction each. */
export interface RowSeeder {
  readonly entity: EntityName<object>;
  /** Gives the same rows in the same order each time: what was cut off goes on after the batches that were written. */
  rows(context: SeederContext): Iterable<object> | AsyncIterable<object>;
  /** How many rows a batch has; 1,000 when absent. */
  readonly batch?: number;
}

/**
 * Makes a seeder that writes a stream of rows in batches, so that their number needs no memory and nobody waits long.
 *
 * @example
 * const seeders = {
 *   demo: rowSeeder(Note, function* () {
 *     for (let id = 1; id <= 1_000_000; id += 1) yield { id, text: `Note ${id}` };
 *   }),
 * };
 */
export function rowSeeder<Entity extends object>(
  entity: EntityName<Entity>,
  rows: (
    context: SeederContext,
  ) => Iterable<RequiredEntityData<Entity>> | AsyncIterable<RequiredEntityData<Entity>>,
  { batch }: Pick<RowSeeder, "batch"> = {},
): RowSeeder {
  return { entity: entity as EntityName<object>, rows, ...(batch !== undefined && { batch }) };
}
