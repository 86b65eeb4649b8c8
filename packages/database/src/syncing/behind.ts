import type { KnownResources } from "./known-resources.ts";
import type { RecordKey } from "./tenant-states.ts";

/** A tenant that has not got the latest of a record. */
export interface Behind extends RecordKey {
  readonly tenantId: string;
}

/** Gives the tenants that are behind with records, of all records and tenants or of those that are named. */
export async function* behind(
  { central }: Pick<KnownResources, "central">,
  only: Partial<Behind> = {},
): AsyncGenerator<Behind> {
  const named = Object.entries(only).filter(([, value]) => value !== undefined);
  const conditions = named.map(([name]) => `m.${columns[name as keyof Behind]} = ? and `).join("");
  const values = named.map(([, value]) => value);
  let last: readonly string[] = ["", "", ""];
  for (;;) {
    const rows = await central.em().execute<Row[]>(
      `select m.resource, m.global_id, m.tenant_id from resource_sync_mappings m
       join resource_sync_records r on r.resource = m.resource and r.global_id = m.global_id
       where ${conditions}(m.resource, m.global_id, m.tenant_id) > (?, ?, ?)
       and (m.state = 'detaching' or (m.state = 'attached' and m.version < r.version))
       order by m.resource, m.global_id, m.tenant_id limit ${page}`,
      [...values, ...last],
    );
    for (const { resource, global_id: globalId, tenant_id: tenantId } of rows) {
      yield { resource, globalId, tenantId };
    }
    const end = rows.at(-1);
    if (end === undefined || rows.length < page) return;
    last = [end.resource, end.global_id, end.tenant_id];
  }
}

interface Row {
  readonly resource: string;
  readonly global_id: string;
  readonly tenant_id: string;
}

const columns = { resource: "resource", globalId: "global_id", tenantId: "tenant_id" } as const;
const page = 200;
