import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { Note } from "./note.ts";

/** Composes the tenancy: a registry and one file per tenant in `folder`. */
export function composeTenancy(folder: string) {
  const db = sqlite({ folder: join(folder, "tenants"), entities: [Note] });
  const tenancy = createTenancy({
    registry: sqliteRegistry({ file: join(folder, "registry.sqlite") }),
    databases: db,
    provisioning: provisioning({ leaseMs: 3_000 }),
    resolve: domainResolver(),
    central: ["localhost"],
  });
  return { db, tenancy };
}

/** The tenancy of this application and its tenants' databases. */
export type Composed = ReturnType<typeof composeTenancy>;
