import {
  ConfigurationError,
  checkKnownOptions,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
  type TenantStatus,
} from "@af-tenancy/core";
import { checkCount } from "../connection/check-count.ts";
import type { RowTables } from "../row/row-tables.ts";
import type { DoctorOptions } from "./doctor-options.ts";
import { givenTenants } from "./given-tenants.ts";
import type { TablesPatient } from "./missing-table.ts";

/** What a driver's doctor looks at. */
export interface Examination {
  /** Databases of this driver that are looked at one by one. */
  readonly databases: readonly TenantDatabase[];
  /** Those of them that have to be there, each tenant's own: of tenants past being made and not being dropped. */
  readonly finished: readonly TenantDatabase[];
  /** The tables that tenants with the strategy `row` share; `undefined` where there are no such tenants. */
  readonly sharedTables: RowTables | undefined;
  /** How many processes share the servers. */
  readonly processes: number;
  /** How many bytes a process of a server may come to take for tenants' schemas. */
  readonly maxBackendMemory: number;
}

/** What a doctor can ask a fleet for. */
export interface Examined {
  readonly host: TenancyHost | undefined;
  readonly sharedTables: RowTables | undefined;
  readonly migrations: Pick<TablesPatient, "ownTablesIn"> | undefined;
}

/** Gathers the databases of a driver out of the options or the registry; throws `ConfigurationError` or `InvalidInputError`. */
export async function examination(
  driver: string,
  options: DoctorOptions,
  { host, sharedTables }: Pick<Examined, "host" | "sharedTables">,
): Promise<Examination> {
  checkKnownOptions<DoctorOptions>("doctor", options, {
    ...{ tenants: true, processes: true, maxBackendMemory: true },
  });
  const { tenants, processes = 1, maxBackendMemory = 256 * 1024 * 1024 } = options;
  checkCount("processes", processes);
  checkCount("maxBackendMemory", maxBackendMemory);
  const databases: TenantDatabase[] = [];
  const finished: TenantDatabase[] = [];
  for await (const { id, placement, status } of tenants === undefined
    ? firstOf(host)
    : givenTenants(tenants)) {
    if (placement?.driver !== driver) continue;
    const database = { tenantId: id, placement };
    databases.push(database);
    if (placement.strategy !== "row" && !unfinished.has(status)) finished.push(database);
  }
  return { databases, finished, sharedTables, processes, maxBackendMemory };
}

async function* firstOf(host: TenancyHost | undefined): AsyncGenerator<Tenant> {
  if (host === undefined) {
    const remedy = "pass it to createTenancy({ databases }), or give doctor({ tenants }).";
    throw new ConfigurationError("databases", "not part of a tenancy", remedy);
  }
  let left = sample;
  for await (const tenant of host.registry.store.list()) {
    yield tenant;
    left -= 1;
    if (left === 0) return;
  }
}

const sample = 50;

const unfinished: ReadonlySet<TenantStatus> = new Set([
  "provisioning",
  "pending",
  "failed",
  "deleting",
  "deleted",
]);
