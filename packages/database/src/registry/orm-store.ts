import type {
  TenantFilter,
  TenantRecord,
  TenantReference,
  TenantSchema,
  TenantStatus,
  TenantStore,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { RegistryEntities, TenantRow } from "./entities.ts";
import type { RegistryRows } from "./registry-rows.ts";
import type { RegistryTables } from "./registry-table.ts";
import { registryUnavailable } from "./registry-unavailable.ts";
import { tenantOf } from "./tenant-row.ts";

/** What the store reads with; throws `TenancyClosedError` while the registry is not open. */
export type RegistryReader = () => {
  readonly em: SqlEntityManager;
  readonly entities: RegistryEntities;
};

/** What it reads one row with. */
export interface RowReader {
  readonly rows: RegistryRows;
  readonly tables: RegistryTables;
}

/** Reads tenants from the registry's tables: one query per `find`, one per page of `list`. */
export class OrmStore implements TenantStore<TenantRecord> {
  readonly #reader: RegistryReader;
  readonly #rowReader: () => RowReader;

  constructor(reader: RegistryReader, rowReader: () => RowReader) {
    this.#reader = reader;
    this.#rowReader = rowReader;
  }

  async find({ by, value }: TenantReference): Promise<TenantRecord | undefined> {
    if (!canBeKept(value)) return undefined;
    const { rows, tables } = this.#rowReader();
    const row = await answered(() => {
      if (by === "id") return rows.find(tables.Tenant, { id: value, removedAt: null });
      if (by === "slug") return rows.find(tables.Tenant, { slug: value, removedAt: null });
      if (by === "domain") return this.#ownerOf(value);
      return undefined;
    });
    return row === undefined ? undefined : tenantOf(row);
  }

  async *list(filter: TenantFilter = {}): AsyncGenerator<TenantRecord> {
    if (filter.ids?.length === 0 || filter.schemas?.length === 0) return;
    const named = whereOf(filter);
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    for (let after = ""; left > 0; ) {
      const limit = Math.min(left, pageSize);
      const { em, entities } = this.#reader();
      const rows = await answered(() =>
        em.find(
          entities.Tenant,
          { id: { $gt: after }, ...named, removedAt: null },
          { orderBy: { id: "asc" }, limit },
        ),
      );
      for (const row of rows) yield tenantOf(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      after = last.id;
      left -= rows.length;
    }
  }

  async #ownerOf(domain: string): Promise<TenantRow | undefined> {
    const { em, entities } = this.#reader();
    const { Tenant, Domain } = entities;
    const owner = em
      .createQueryBuilder(Domain, "d")
      .select("d.tenantId")
      .where({ name: domain, verifiedAt: { $ne: null } });
    const [row] = await em.find(Tenant, { id: { $in: owner }, removedAt: null } as never);
    return row;
  }
}

function whereOf({ statuses, expiredBy, graceOverBy, ids, schemas }: TenantFilter) {
  return {
    ...((ids !== undefined || schemas !== undefined) && {
      $and: [
        ...(ids === undefined ? [] : [{ id: { $in: [...ids] } }]),
        ...(schemas === undefined ? [] : [{ $or: schemas.map(columnsOfSchema) }]),
      ],
    }),
    status: statuses === undefined ? { $nin: unlisted } : { $in: [...statuses] },
    ...(expiredBy !== undefined && { expiresAt: { $lte: expiredBy } }),
    ...(graceOverBy !== undefined && { graceUntil: { $lte: graceOverBy } }),
  };
}

function columnsOfSchema({ driver, strategy, version }: TenantSchema) {
  return {
    ...{ placementDriver: driver, placementStrategy: strategy },
    schemaVersion: version ?? null,
  };
}

const pageSize = 500;
const unlisted: TenantStatus[] = ["pending", "deleted"];

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
