import { createTenancy } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { expect, it, onTestFinished } from "vitest";
import { server, serverIsMissing } from "./postgresql-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it.skipIf(await serverIsMissing())("S023: reads from a replica, or from the server", async () => {
  const registry = sqliteRegistry({ file: `${await temporaryFolder()}/registry.sqlite` });
  const { host, port, user, password, database } = server;
  // Another name of the same server stands in for one that follows it without lag.
  const replicaHost = host === "localhost" ? "127.0.0.1" : "localhost";
  // #region use
  const db = postgresql({
    connection: {
      ...{ host, port, user, password, database },
      replicas: [{ name: "near", host: replicaHost }], // what it leaves out is as above
    },
    strategy: "schema",
    entities: [Note],
  });
  // #endregion
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const { id, placement } = acme;
  if (placement === undefined) return expect.unreachable();
  onTestFinished(() => db.manager(placement).drop({ tenantId: id, placement }));
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "acme" }));

  // #region read
  const { all, fresh, near } = await tenancy.run(acme, async () => ({
    all: await db.readOnly().findAll(Note), // a replica; the server while none can be reached
    fresh: await db.readOnly({ from: "primary" }).findAll(Note), // what was written last
    near: await db.readOnly({ from: { replica: "near" } }).findAll(Note), // this one and no other
  }));
  // #endregion

  for (const notes of [all, fresh, near]) expect(notes).toMatchObject([{ id: 1, text: "acme" }]);
  expect(db.stats().map((stats) => stats.server)).toEqual(["default", "default/near"]);
});
