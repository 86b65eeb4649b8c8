import type { OperationRecord, TenantRecord } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { poolKind } from "./pool-creation.ts";

/** Counts the tenants in the pool. */
export async function countPending({ registry }: Workplace): Promise<number> {
  let count = 0;
  for await (const _tenant of registry.store.list({ statuses: ["pending"] })) count += 1;
  return count;
}

/** Gives some tenants of the pool, which another process may pull meanwhile. */
export async function somePending({ registry }: Workplace): Promise<readonly TenantRecord[]> {
  const some: TenantRecord[] = [];
  const filter = { statuses: ["pending"], limit: pageSize } as const;
  for await (const tenant of registry.store.list(filter)) some.push(tenant);
  return some;
}

/** Gives what was begun for the pool and is not in it yet. */
export async function unfinishedPending({
  registry,
}: Workplace): Promise<readonly OperationRecord[]> {
  const all = await registry.transaction(({ operations }) => operations.unfinished());
  return all.filter(({ kind }) => kind === poolKind);
}

/** So many that racing callers seldom try the same one. */
const pageSize = 25;
