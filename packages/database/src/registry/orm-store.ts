import type { TenantFilter, TenantRecord, TenantReference, TenantStore } from "@af-tenancy/core";
import type { TenantRow } from "./entities.ts";
import type { RegistryRows } from "./registry-rows.ts";
import type { RegistryTables } from "./registry-table.ts";
import { registryUnavailable } from "./registry-unavailable.ts";
import { tenantCondition } from "./tenant-condition.ts";
import { tenantOf } from "./tenant-row.ts";

/** What the store reads with. */
export interface RowReader {
  readonly rows: RegistryRows;
  readonly tables: RegistryTables;
}

/** Reads tenants from the registry's tables: one query per `find`, one per page of `list`. */
export class OrmStore implements TenantStore<TenantRecord> {
  readonly #reader: () => RowReader;

  /** `reader` throws `TenancyClosedError` while the registry is not open. */
  constructor(reader: () => RowReader) {
    this.#reader = reader;
  }

  async find({ by, value }: TenantReference): Promise<TenantRecord | undefined> {
    if (!canBeKept(value)) return undefined;
    const { rows, tables } = this.#reader();
    const row = await answered(() => {
      if (by === "id") return rows.find(tables.Tenant, { id: value, removedAt: null });
      if (by === "slug") return rows.find(tables.Tenant, { slug: value, removedAt: null });
      if (by === "domain") return this.#ownerOf(value);
      return undefined;
    });
    return row === undefined ? undefined : tenantOf(row);
  }

  async *list(filter: TenantFilter = {}): AsyncGenerator<TenantRecord> {
    const { ids, schemas, statuses } = filter;
    if ([ids, schemas, statuses].some((wanted) => wanted?.length === 0)) return;
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    for (let after = ""; left > 0; ) {
      const limit = Math.min(left, pageSize);
      const { rows, tables } = this.#reader();
      const { sql, values } = tenantCondition(tables.Tenant, filter, after);
      const inOrder = { sql: `${sql} order by id limit ?`, values: [...values, limit] };
      const page = await answered(() => rows.select(tables.Tenant, inOrder));
      for (const row of page) yield tenantOf(row);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return;
      after = last.id;
      left -= page.length;
    }
  }

  async #ownerOf(domain: string): Promise<TenantRow | undefined> {
    const { rows, tables } = this.#reader();
    const [row] = await rows.select(tables.Tenant, {
      sql: `removed_at is null and id in (select tenant_id from ${tables.Domain.name} where name = ? and verified_at is not null)`,
      values: [domain],
    });
    return row;
  }
}

const pageSize = 500;

/** Text that no database keeps as it is was never stored, and must not be found under another form. */
function canBeKept(value: string): boolean {
  return !value.includes("\0") && !/\p{Surrogate}/u.test(value);
}

/** An unreachable registry must never look like an unknown tenant. */
export async function answered<R>(ask: () => Promise<R> | R): Promise<R> {
  try {
    return await ask();
  } catch (error) {
    throw registryUnavailable(error);
  }
}
