import { ConfigurationError } from "@af-tenancy/core";
import { mikroOrmDatabases } from "@af-tenancy/database";
import { defineEntity, p } from "@mikro-orm/sql";
import { describe, expect, it } from "vitest";
import type { TenantEntity } from "../../src/tenants/tenant-entities.ts";
import { memoryDriver } from "../memory-driver.ts";

const id = () => p.integer().primary();

describe("C129: what cannot be kept apart in shared tables is refused when the application is composed", () => {
  it("a unique index written as an expression without the tenant", () => {
    const expression = 'create unique index user_mail on user (lower("mail"))';
    const User = defineEntity({
      name: "User",
      properties: { id: id(), mail: p.string() },
      uniques: [{ name: "user_mail", expression }],
    });
    const scoped = defineEntity({
      name: "User",
      properties: { id: id(), mail: p.string() },
      uniques: [
        {
          name: "user_mail",
          expression: 'create unique index user_mail on user (tenant_id, lower("mail"))',
        },
      ],
    });

    expect(() => compose([User])).toThrow(ConfigurationError);
    expect(() => compose([User])).toThrow(/"user_mail" of "User"/);
    expect(() => compose([scoped])).not.toThrow("user_mail");
  });

  it("an entity with a column of that name", () => {
    const Note = defineEntity({ name: "Note", properties: { id: id(), tenantId: p.string() } });

    expect(() => compose([Note])).toThrow('"Note" has a column "tenant_id"');
    expect(() => compose([Note], { tenantColumn: "org" })).not.toThrow("column");
  });

  it("a global entity that refers to one that is not", () => {
    const Note = defineEntity({ name: "Note", properties: { id: id() } });
    const Country = defineEntity({
      name: "Country",
      properties: { id: id(), note: () => p.manyToOne(Note) },
    });

    expect(() => compose([Note, Country], { global: [Country] })).toThrow(
      '"Country" refers by "note"',
    );
  });

  it("a global entity that is none of the fleet's, and a column that is no name", () => {
    const Note = defineEntity({ name: "Note", properties: { id: id() } });
    const Other = defineEntity({ name: "Other", properties: { id: id() } });

    expect(() => compose([Note], { global: [Other] })).toThrow('in "entities": "Other"');
    expect(() => compose([Note], { global: [null] })).toThrow("a value of type object");
    expect(() => compose([Note], { tenantColumn: "Tenant Id" })).toThrow("tenantColumn");
  });

  it("a delete rule that would change the tenant", () => {
    const Author = defineEntity({ name: "Author", properties: { id: id() } });
    const Note = defineEntity({
      name: "Note",
      properties: { id: id(), author: () => p.manyToOne(Author).deleteRule("set default") },
    });

    expect(() => compose([Author, Note])).toThrow("set default");
  });

  it("the strategy itself, on a driver that does not know it", () => {
    const Note = defineEntity({ name: "Note", properties: { id: id() } });

    expect(() => compose([Note])).toThrow("which memory does not know");
  });

  it("options of shared tables in a fleet without any", () => {
    const Note = defineEntity({ name: "Note", properties: { id: id() } });
    const options = { entities: [Note], tenantColumn: "org" };

    expect(() => mikroOrmDatabases(memoryDriver(), options)).toThrow("without meaning here");
  });
});

function compose(
  entities: readonly TenantEntity[],
  options: { readonly tenantColumn?: string; readonly global?: readonly unknown[] } = {},
) {
  return mikroOrmDatabases(memoryDriver(), { entities, strategies: ["row"], ...options });
}
