import { randomBytes } from "node:crypto";
import { createKeyRing, createTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { expect, it, onTestFinished } from "vitest";
import { server, serverIsMissing } from "./postgresql-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const { host, port, user, password, database } = server;
const missing = await serverIsMissing();

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it.skipIf(missing)(
  "S013: gives each tenant a schema, and the server keeps them apart",
  async () => {
    const registry = sqliteRegistry({ file: `${await temporaryFolder()}/registry.sqlite` });
    const secret = randomBytes(32).toString("base64");
    // #region use
    const db = postgresql({
      connection: { host, port, user, password, database }, // where schemas and databases are made
      strategy: "schema",
      users: true, // the server itself refuses one tenant the tables of another
      entities: [Note],
    });
    const keys = createKeyRing({ current: secret });
    const tenancy = createTenancy({ registry, databases: db, keys, provisioning: provisioning() });
    // #endregion
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    const acme = await tenancy.tenants.create({ slug: "acme" });
    const globex = await tenancy.tenants.create({ slug: "globex" });
    for (const { id, placement } of [acme, globex]) {
      if (placement === undefined) return expect.unreachable();
      onTestFinished(() => db.manager(placement).drop({ tenantId: id, placement }));
    }

    for (const tenant of [acme, globex]) {
      await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
    }
    const seen = await tenancy.run(acme, () => db.em().find(Note, {}));
    const stolen = tenancy.run(acme, () =>
      db.em().execute(`select * from "${globex.placement?.name}".note`),
    );

    expect(seen.map(({ text }) => text)).toEqual(["acme"]);
    await expect(stolen).rejects.toThrow("permission denied for schema");
  },
);
