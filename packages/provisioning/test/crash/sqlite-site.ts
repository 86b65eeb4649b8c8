import { join } from "node:path";
import {
  type CentralRegistry,
  createTenancy,
  type OperationDefinition,
  type Tenancy,
  type TenantDatabases,
} from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { provisioning } from "../../src/index.ts";

/** How a process wraps the parts in order to stop at one of them. */
export interface SiteParts {
  readonly registry?: (registry: CentralRegistry) => CentralRegistry;
  readonly databases?: (databases: TenantDatabases) => TenantDatabases;
  readonly operations?: readonly OperationDefinition[];
  readonly leaseMs?: number;
}

/** How long leases are unless a process says otherwise: short, as tests wait for the end of those of the killed. */
export const shortLease = 200;

/** Where the tenant files of a site are. */
export function tenantFolder(folder: string): string {
  return join(folder, "tenants");
}

/** The tenant databases of a site. */
export function tenantDatabases(folder: string): TenantDatabases {
  const Note = defineEntity({
    name: "Note",
    properties: { id: p.integer().primary(), text: p.string() },
  });
  return sqlite({ folder: tenantFolder(folder), entities: [Note] });
}

/** Starts a tenancy over the registry and tenant files in a folder, as each of several processes does. */
export async function startSite(
  folder: string,
  { registry = asIs, databases = asIs, operations = [], leaseMs = shortLease }: SiteParts = {},
): Promise<Tenancy> {
  const tenancy = createTenancy({
    registry: registry(sqliteRegistry({ file: join(folder, "registry.sqlite") })),
    databases: databases(tenantDatabases(folder)),
    provisioning: provisioning({ leaseMs, operations }),
  });
  await tenancy.start();
  return tenancy;
}

function asIs<P>(part: P): P {
  return part;
}
