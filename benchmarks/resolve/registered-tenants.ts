import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CentralRegistry } from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { MikroORM } from "@mikro-orm/sqlite";

/** A registry with many tenants in it. */
export interface RegisteredTenants {
  /** Opens it, as each process does, and counts what it is asked for. */
  open(): CountedRegistry;
  /** Removes its file. */
  remove(): void;
}

/** A registry that counts how often it is asked for a tenant. */
interface CountedRegistry {
  readonly registry: CentralRegistry;
  readonly asked: () => number;
}

/** The domain of the tenant of a number. */
export function domainOf(number: number): string {
  return `tenant-${number}.example.com`;
}

/** Makes a registry in a file with so many active tenants, each with one verified domain. */
export async function registeredTenants(count: number): Promise<RegisteredTenants> {
  const folder = mkdtempSync(join(tmpdir(), "resolve-"));
  const file = join(folder, "registry.sqlite");
  const registry = sqliteRegistry({ file });
  await registry.start?.();
  await registry.close?.();
  const orm = new MikroORM({
    dbName: file,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  const numbers = `with recursive numbers (number) as (select 0 union all select number + 1 from numbers where number < ${count - 1})`;
  const connection = orm.em.getConnection();
  await connection.execute(
    `insert into tenants (id, slug, name, status, version, metadata, access, homepage, created_at, updated_at) ${numbers} ` +
      `select printf('01920000-0000-7000-8000-%012d', number), 'tenant-' || number, 'Tenant ' || number, 'active', 1, '{}', 'read-write', 0, 1, 1 from numbers`,
  );
  await connection.execute(
    `insert into tenant_domains (name, tenant_id, is_primary, verified_at, position) ${numbers} ` +
      `select 'tenant-' || number || '.example.com', printf('01920000-0000-7000-8000-%012d', number), 1, 1, 0 from numbers`,
  );
  await orm.close();
  return {
    open: () => counted(sqliteRegistry({ file })),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function counted(registry: CentralRegistry): CountedRegistry {
  let asked = 0;
  const { store } = registry;
  const counting: CentralRegistry = {
    name: registry.name,
    store: {
      find(reference) {
        asked += 1;
        return store.find(reference);
      },
      list: (filter) => store.list(filter),
    },
    changes: registry.changes,
    transaction: (work) => registry.transaction(work),
    attach: (host) => registry.attach?.(host),
    start: () => registry.start?.(),
    close: () => registry.close?.(),
  };
  return { registry: counting, asked: () => asked };
}
