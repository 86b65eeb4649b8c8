import { sqlite } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";

/** Makes the files of tenants one after the other and prints each id once it was acknowledged. */
const [folder = "", count = "0"] = process.argv.slice(2);
const db = sqlite({ folder, entities: [Note, Author] });

for (let number = 0; number < Number(count); number++) {
  const id = `tenant-${number}`;
  const placement = db.place(id, 1);
  await db.manager(placement).create({ tenantId: id, placement });
  process.stdout.write(`created ${id}\n`);
  await db.migrate({ id, slug: id, status: "provisioning", version: 1, placement });
  process.stdout.write(`migrated ${id}\n`);
}
await db.close?.();
