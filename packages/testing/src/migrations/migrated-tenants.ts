import { randomUUID } from "node:crypto";
import type { Tenant, TenantDatabases, TenantMigrations, TenantRecord } from "@af-tenancy/core";
import { expect, onTestFinished } from "vitest";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { MigratedSite, SqlMigration } from "./tenant-migrations-harness.ts";

/** Makes the tables of notes; the tenant's column is for those who share them. */
export const notes: SqlMigration = {
  name: "Migration01_notes",
  up: [
    "create table note (tenant_id varchar(64) not null, id integer not null, text varchar(100), primary key (tenant_id, id))",
  ],
  down: ["drop table note"],
};

/** Makes another table. */
export const tags: SqlMigration = {
  name: "Migration02_tags",
  up: ["create table tag (id integer not null primary key)", "insert into tag (id) values (7)"],
  down: ["drop table tag"],
};

/** Changes that table. */
export const colours: SqlMigration = {
  name: "Migration03_colours",
  up: ["alter table tag add column colour varchar(20)"],
  down: ["alter table tag drop column colour"],
};

/** Fails with its second statement. */
export const broken: SqlMigration = {
  name: "Migration04_broken",
  up: [
    "create table half (id integer not null primary key)",
    "insert into nowhere (id) values (1)",
  ],
  down: [],
};

/** Gives the migrations of databases that have some. */
export function migrationsOf({ databases }: { databases: TenantDatabases }): TenantMigrations {
  const { migrations } = databases;
  expect(migrations).toBeDefined();
  return migrations as TenantMigrations;
}

/** Makes a tenant whose tables have had what the application has; it is dropped when the test is over. */
export async function addTenant({ databases }: MigratedSite): Promise<TenantRecord> {
  const id = randomUUID();
  const placement = databases.place(id, 1);
  const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
  const manager = databases.manager(placement);
  onTestFinished(() => manager.drop({ tenantId: id, placement }), 60_000);
  await manager.create({ tenantId: id, placement });
  await databases.migrate(tenant);
  return tenant;
}

/** Tells whether a tenant has a table of this name, which it may read. */
export async function hasTable(site: MigratedSite, tenant: Tenant, name: string): Promise<boolean> {
  try {
    await site.query(tenant, `select count(*) as found from ${name}`);
    return true;
  } catch {
    return false;
  }
}
