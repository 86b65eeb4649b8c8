import { randomBytes } from "node:crypto";
import {
  type CentralRegistry,
  createTenancy,
  type OperationDefinition,
  type Tenancy,
  type TenantDatabases,
} from "@af-tenancy/core";
import { type PendingOptions, provisioning } from "../../src/index.ts";
import { locationOf, siteIn } from "./engine.ts";

/** How a process wraps the parts in order to stop at one of them. */
export interface SiteParts {
  readonly registry?: (registry: CentralRegistry) => CentralRegistry;
  readonly databases?: (databases: TenantDatabases) => TenantDatabases;
  readonly operations?: readonly OperationDefinition[];
  readonly leaseMs?: number;
  readonly pending?: PendingOptions;
}

/** How long leases are unless a process says otherwise: short, as tests wait for the end of those of the killed. */
export const shortLease = 200;

/** Starts a tenancy over the registry and the databases of a site, as each of several processes does. */
export async function startSite(
  folder: string,
  {
    registry = asIs,
    databases = asIs,
    operations = [],
    leaseMs = shortLease,
    ...rest
  }: SiteParts = {},
): Promise<Tenancy> {
  const site = siteIn(folder);
  const { tag } = locationOf(folder);
  const generateId = () => tag + randomBytes(6).toString("hex");
  const tenancy = createTenancy({
    registry: registry(site.registry()),
    databases: databases(site.databases()),
    provisioning: provisioning({ leaseMs, operations, generateId, ...rest }),
  });
  await tenancy.start();
  return tenancy;
}

function asIs<P>(part: P): P {
  return part;
}
