import { ConfigurationError } from "@af-tenancy/core";
import type { TenantEntities } from "./tenant-entities.ts";

/** What an application says about its tenant databases, whatever the driver. */
export interface MikroOrmDatabasesOptions<E extends TenantEntities = TenantEntities> {
  /** The entities that every tenant's database holds: a list, or what makes them for a driver. */
  readonly entities: E;
  /** How many tenants are remembered while nobody uses them, so that their owner is not checked anew; 5,000 when absent. */
  readonly maxHandles?: number;
  /** Milliseconds that a query waits for its tenant's connection; 10,000 when absent. */
  readonly maxWait?: number;
}

/** Checks the options and fills in what is absent; throws `ConfigurationError`. */
export function withDefaults({
  entities,
  maxHandles = 5_000,
  maxWait = 10_000,
}: MikroOrmDatabasesOptions): Required<MikroOrmDatabasesOptions> {
  checkCount("maxHandles", maxHandles);
  checkCount("maxWait", maxWait);
  return { entities, maxHandles, maxWait };
}

function checkCount(key: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new ConfigurationError(key, String(value), "give a whole number above 0.");
}
