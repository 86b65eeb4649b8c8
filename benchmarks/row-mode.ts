import { createTenancy, memoryStore, type Tenant } from "@af-tenancy/core";
import { compare } from "./compare.ts";
import { report } from "./report.ts";
import { mysqlRows } from "./row-mode/mysql-rows.ts";
import { postgresqlRows } from "./row-mode/postgresql-rows.ts";
import type { NotesRequest, RowCase } from "./row-mode/row-case.ts";

// Promise: PostgreSQL with row-level security, and MariaDB, against `where tenant_id` written by hand on the same tables
// and indexes: one find at least 0.75 of the throughput, a transaction of three finds at least 0.85.
const ids = Array.from({ length: 10 }, (_, index) => `tenant-${index}`);

for (const rows of [postgresqlRows(), mysqlRows()]) await measureRows(rows);

async function measureRows(rows: RowCase): Promise<void> {
  const { databases } = rows;
  const tenants = ids.map((id) => ({
    ...{ id, slug: id, status: "active" as const, version: 1, placement: databases.place(id, 1) },
  }));
  const tenancy = createTenancy({ store: memoryStore<Tenant>(tenants), databases });
  await tenancy.start();
  try {
    for (const tenant of tenants) {
      const { id: tenantId, placement } = tenant;
      await databases.manager(placement).create({ tenantId, placement });
      await databases.migrate(tenant);
      const notes = Array.from({ length: 100 }, (_, at) => ({
        id: at + 1,
        text: `${tenantId} ${at}`,
      }));
      await tenancy.run(tenant, () => rows.fill(notes));
    }
    await measure("one find", 1, false);
    await measure("transaction of three finds", 3, true);
  } finally {
    await tenancy.close();
    await rows.close();
  }

  async function measure(name: string, finds: number, inTransaction: boolean): Promise<void> {
    const repeat =
      (work: (tenant: Tenant, request: NotesRequest) => Promise<void>) => async (times: number) => {
        for (let i = 0; i < times; i++) {
          const notes = Array.from({ length: finds }, (_, find) => 1 + ((i * 7 + find) % 100));
          await work(tenants[i % 10] as Tenant, { ids: notes, inTransaction });
        }
      };
    const { ours, baseline, ratio } = await compare({
      times: 40,
      ours: repeat((tenant, request) => tenancy.run(tenant, () => rows.ours(request))),
      baseline: repeat(({ id }, request) => rows.byHand(id, request)),
    });
    report({
      name: `row-mode/${rows.prefix}${name}`,
      ratio: 1 / ratio,
      ours: ours / 1e3,
      baseline: baseline / 1e3,
      unit: "µs",
    });
  }
}
