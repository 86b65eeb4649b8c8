import { TenantMismatchError } from "@af-tenancy/core";
import { everlastingScope } from "@af-tenancy/database";
import { defineEntity, p } from "@mikro-orm/sql";
import { expect, it } from "vitest";
import { CrossTenantGuard } from "../src/tenants/cross-tenant-guard.ts";
import { SharedOrm } from "../src/tenants/shared-orm.ts";
import { entitiesFor } from "../src/tenants/tenant-entities.ts";
import { memoryDriver } from "./memory-driver.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it("F015: finds another tenant's entity among the changes, however it came there", () => {
  const { acme, globex } = managers();
  const foreign = acme.map(Note, { id: 1, text: "acme" });
  foreign.text = "changed";
  const uow = globex.getUnitOfWork();

  uow.computeChangeSet(foreign);

  expect(uow.getChangeSets()).toHaveLength(1);
  expect(() => new CrossTenantGuard().onFlush({ em: globex, uow })).toThrow(TenantMismatchError);
});

it("lets a tenant's own changes pass", () => {
  const { acme } = managers();
  const own = acme.map(Note, { id: 1, text: "acme" });
  own.text = "changed";
  const uow = acme.getUnitOfWork();

  uow.computeChangeSet(own);

  expect(uow.getChangeSets()).toHaveLength(1);
  expect(() => new CrossTenantGuard().onFlush({ em: acme, uow })).not.toThrow();
});

function managers() {
  const driver = memoryDriver();
  const orm = new SharedOrm(driver, entitiesFor([Note], "memory"));
  const [acme, globex] = ["acme", "globex"].map((tenantId) => {
    const database = { tenantId, placement: driver.place(tenantId, 1) };
    const lease = () => expect.unreachable();
    return orm.entityManager({ database, lease, single: true }, everlastingScope());
  });
  if (acme === undefined || globex === undefined) return expect.unreachable();
  return { acme, globex };
}
