import { everlastingScope, ReadOnlyManagerError } from "@af-tenancy/database";
import { defineEntity, p, type SqlEntityManager } from "@mikro-orm/sql";
import { expect, it } from "vitest";
import { SharedOrm } from "../src/tenants/shared-orm.ts";
import { entitiesFor } from "../src/tenants/tenant-entities.ts";
import { memoryDriver } from "./memory-driver.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it.each<[string, (em: SqlEntityManager) => Promise<unknown>]>([
  ["flush", (em) => em.persist(em.create(Note, { id: 1, text: "one" })).flush()],
  ["insert", (em) => em.insert(Note, { id: 1, text: "one" })],
  ["insertMany", (em) => em.insertMany(Note, [{ id: 1, text: "one" }])],
  ["upsert", (em) => em.upsert(Note, { id: 1, text: "one" })],
  ["upsertMany", (em) => em.upsertMany(Note, [{ id: 1, text: "one" }])],
  ["nativeUpdate", (em) => em.nativeUpdate(Note, {}, { text: "one" })],
  ["nativeDelete", (em) => em.nativeDelete(Note, {})],
])("refuses %s before a connection is asked for", async (_, write) => {
  const driver = memoryDriver();
  const orm = new SharedOrm(driver, entitiesFor([Note], "memory"));
  const database = { tenantId: "acme", placement: driver.place("acme", 1) };
  const source = { database, single: true, lease: () => expect.unreachable() };
  const em = orm.entityManager(source, everlastingScope(), () => new ReadOnlyManagerError("acme"));

  await expect(write(em)).rejects.toThrow(ReadOnlyManagerError);
});
