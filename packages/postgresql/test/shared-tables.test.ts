import { sharedTablesContract } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  sharedTablesContract("postgresql", { start: startSharedTables, rawSql: "scoped", scale: 0.5 });

  it("C023: takes keys that are declared with autoincrement(), and references to them", async () => {
    const page = { id: p.integer().primary().autoincrement(), text: p.string() };
    const Page = defineEntity({ name: "Page", properties: page });
    const Leaf = defineEntity({
      name: "Leaf",
      properties: {
        id: p.bigint("number").primary().autoincrement(),
        page: () => p.manyToOne(Page),
      },
    });
    const site = await startSharedTables({ entities: [Page, Leaf], global: [] });
    onTestFinished(() => site.close());
    const [acme, globex] = [await site.add(), await site.add()];

    const keys: number[] = [];
    for (const tenant of [acme, globex, acme]) {
      await site.run(tenant, async (em) => {
        const own = em.create(Page, { text: tenant.slug });
        const leaf = em.create(Leaf, { page: own });
        await em.flush();
        keys.push(Number(own.id), Number(leaf.id));
      });
    }
    const leaves = await site.run(globex, (em) => em.find(Leaf, {}, { populate: ["page"] }));
    const texts = leaves.map((leaf) => (leaf.page as { readonly text?: string }).text);

    expect(new Set(keys.filter((_, index) => index % 2 === 0)).size).toBe(3);
    expect(new Set(keys.filter((_, index) => index % 2 === 1)).size).toBe(3);
    expect(texts).toEqual([globex.slug]);
  });
});
