import type { OperationStep } from "@af-tenancy/core";

/** The application's own steps when a tenant is made or adopted: each may be run again after a crash. */
export interface CreationSteps {
  /** Names of the seeders that are run once the tables are there, in a step `seed`; `true` is all of them, none when absent. */
  readonly seeders?: readonly string[] | true;
  /** Run once the tables are there and seeded; passed over for a tenant without a database, and for one that is adopted. */
  readonly database?: readonly OperationStep[];
  /** Run once the database is verified, such as an account elsewhere; for every tenant. */
  readonly tenant?: readonly OperationStep[];
}
