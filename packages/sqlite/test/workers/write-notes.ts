import { createTenancy } from "@af-tenancy/core";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { Author, Note } from "../entities.ts";

/** Reads and writes rows of one tenant in transactions, so that two of these contend for its file. */
const [folder = "", registryFile = "", tenantId = "", first = "0", count = "0"] =
  process.argv.slice(2);
const db = sqlite({ folder, entities: [Note, Author] });
const tenancy = createTenancy({ registry: sqliteRegistry({ file: registryFile }), databases: db });
await tenancy.start();

for (let id = Number(first); id < Number(first) + Number(count); id++) {
  await tenancy.run(tenantId, async () => {
    await db.em().transactional(async (em) => {
      const before = await em.count(Note, {});
      await em.insert(Note, { id, text: `${before}` });
    });
    await db.em().nativeUpdate(Note, { id }, { text: "written" });
  });
}
await tenancy.close();
