import type { TenantRecord } from "@af-tenancy/core";
import type { KnownResources } from "./known-resources.ts";
import type { StateRow } from "./sync-tables.ts";
import type { RecordKey } from "./tenant-states.ts";

/** Gives the records of a tenant whose changes were not delivered. */
export async function* pendingRecords(
  { sites, states }: KnownResources,
  tenant: TenantRecord,
): AsyncGenerator<RecordKey> {
  const driver = tenant.placement?.driver ?? "";
  const site = sites.get(driver);
  const table = states.get(driver);
  if (site === undefined || table === undefined) return;
  let last: RecordKey = { resource: "", globalId: "" };
  for (;;) {
    const { resource, globalId } = last;
    const where = {
      pending: { $ne: null },
      $or: [{ resource: { $gt: resource } }, { resource, globalId: { $gt: globalId } }],
    };
    const orderBy = { resource: "asc", globalId: "asc" };
    const rows = await site.within(
      tenant,
      async (em) =>
        (await em.find(table, where as never, {
          ...{ orderBy: orderBy as never, limit: page },
        })) as StateRow[],
    );
    for (const row of rows) yield { resource: row.resource, globalId: row.globalId };
    const end = rows.at(-1);
    if (end === undefined || rows.length < page) return;
    last = end;
  }
}

const page = 200;
