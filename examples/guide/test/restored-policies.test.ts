import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { server, serverIsMissing } from "./postgresql-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

describe.skipIf(await serverIsMissing())("an application that does not start", () => {
  it("has its policies put right by a migration, and starts then", async () => {
    const { compose, asAdmin, schema } = await placeForTest();
    const first = compose();
    await first.tenancy.start();
    await first.tenancy.tenants.create({ slug: "acme" });
    await first.tenancy.close();
    await asAdmin(`drop policy af_tenancy_rows on ${schema}.note`);
    const { registry, db, tenancy } = compose();
    onTestFinished(() => tenancy.close());
    await expect(tenancy.start()).rejects.toMatchObject({ code: "ROWS_EXPOSED" });

    // #region restore
    await registry.start?.(); // the registry alone: tenancy.start() is refused
    for await (const tenant of registry.store.list()) {
      if (tenant.placement?.strategy === "row") await db.migrate(tenant);
    }
    await tenancy.start();
    // #endregion

    await expect(
      tenancy.run({ by: "slug", value: "acme" }, () => db.em().count(Note)),
    ).resolves.toBe(0);
  });
});

/** An application that can be composed again on the same tables, which are gone when the test is over. */
async function placeForTest() {
  const folder = await temporaryFolder();
  const name = `restored_${randomBytes(5).toString("hex")}`;
  const client = new Client(server);
  await client.connect();
  onTestFinished(async () => {
    await client.query(`drop schema ${name} cascade; drop owned by ${name}; drop role ${name}`);
    await client.end();
  });
  return {
    schema: name,
    asAdmin: (sql: string) => client.query(sql),
    compose() {
      const db = postgresql({
        connection: server,
        entities: [Note],
        strategies: ["row"],
        ...{ sharedSchema: name, sharedRole: name },
      });
      const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
      const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
      return { db, registry, tenancy };
    },
  };
}
