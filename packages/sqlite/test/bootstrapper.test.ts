import {
  createTenancy,
  memoryStore,
  type TenantDatabases,
  type TenantRecord,
} from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { acme, bootstrapperContract, globex } from "@af-tenancy/testing";
import { Author, Note } from "./entities.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const places = sqlite({ folder: "unused", entities: [Note, Author] });
const tenants = [acme(), globex()].map((tenant) => ({
  ...tenant,
  placement: places.place(tenant.id, 1),
}));

bootstrapperContract("sqlite", {
  tenants: [tenants[0] ?? acme(), tenants[1] ?? globex()],
  async create(watch) {
    const db = sqlite({ folder: temporaryFolder(), entities: [Note, Author] });
    const databases: TenantDatabases = {
      name: db.name,
      bootstrapper: watch(db.bootstrapper),
      attach: (host) => db.attach?.(host),
      start: () => db.start?.(),
      close: () => db.close?.(),
      place: (...args) => db.place(...args),
      manager: (placement) => db.manager(placement),
      migrate: (tenant) => db.migrate(tenant),
      verify: (tenant) => db.verify(tenant),
    };
    const tenancy = createTenancy({ store: memoryStore<TenantRecord>(tenants), databases });
    await tenancy.start();
    for (const { id: tenantId, placement } of tenants) {
      await db.manager(placement).create({ tenantId, placement });
    }
    return {
      enter: (tenant, work) => tenancy.run(tenant, work),
      observe: () => db.em().execute("select tenant_id from _tenancy_owner"),
      close: () => tenancy.close(),
    };
  },
});
