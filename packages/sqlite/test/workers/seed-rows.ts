import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { rowSeeder } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";

/** Seeds one tenant with so many rows, by a stream or by a function, and prints what that came to. */
const [folder = "", seeder = "", count] = process.argv.slice(2);
const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

function* rows() {
  for (let id = 1; id <= Number(count); id += 1) yield { id, text: `Note ${id} of the tenant` };
}

const databases = sqlite({
  ...{ folder, entities: [Note] },
  seeders: {
    stream: rowSeeder(Note, rows),
    async once({ em }) {
      let batch: object[] = [];
      for (const row of rows()) {
        batch.push(row);
        if (batch.length < 1_000) continue;
        await em.insertMany(Note, batch as never);
        batch = [];
      }
    },
  },
});
const tenancy = createTenancy({ registry: memoryRegistry(), databases });
await tenancy.start();
const placement = databases.place("acme", 1);
const id = "acme";
const tenant = { id, slug: id, status: "active", version: 1, placement } as const;
await databases.manager(placement).create({ tenantId: tenant.id, placement });
await databases.migrate(tenant);
const { seeders } = await databases.seed(tenant, { seeders: [seeder] });
process.stdout.write(`${seeders[0]?.rows}\n`);
await tenancy.close();
