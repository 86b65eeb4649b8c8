import type { TenantStore } from "../contracts/store.ts";
import type { TenantRecord, TenantReference } from "../contracts/tenant.ts";
import { listTenants } from "./list-tenants.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Reads tenants from the committed tables of a memory registry. */
export function tablesStore(tables: RegistryTables): TenantStore<TenantRecord> {
  return {
    find(reference) {
      const id = idOf(tables, reference);
      return id === undefined ? undefined : tables.tenants.get(id);
    },
    list: (filter) => listTenants(() => tables.tenants.values(), filter),
  };
}

function idOf(tables: RegistryTables, { by, value }: TenantReference): string | undefined {
  if (by === "id") return value;
  if (by === "slug") return tables.slugs.get(value);
  if (by === "domain") return verifiedOwner(tables, value);
  return undefined;
}

function verifiedOwner(tables: RegistryTables, domain: string): string | undefined {
  const owner = tables.domainOwners.get(domain);
  const domains = owner === undefined ? undefined : tables.domains.get(owner);
  const found = domains?.find(({ name }) => name === domain);
  return found?.verifiedAt === undefined ? undefined : owner;
}
