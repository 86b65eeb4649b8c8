import {
  ConfigurationError,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
} from "@af-tenancy/core";
import type { DoctorOptions } from "./doctor-options.ts";

/** What a driver's doctor looks at. */
export interface Examination {
  /** Databases of this driver that are looked at one by one. */
  readonly databases: readonly TenantDatabase[];
  /** How many processes share the servers. */
  readonly processes: number;
}

/** Gathers the databases of a driver out of the options or the registry; throws `ConfigurationError`. */
export async function examination(
  driver: string,
  { tenants, processes = 1 }: DoctorOptions,
  host: TenancyHost | undefined,
): Promise<Examination> {
  if (!Number.isInteger(processes) || processes < 1) {
    throw new ConfigurationError("processes", String(processes), "give a whole number above 0.");
  }
  const databases: TenantDatabase[] = [];
  for await (const { id, placement } of tenants ?? firstOf(host)) {
    if (placement?.driver === driver) databases.push({ tenantId: id, placement });
  }
  return { databases, processes };
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
