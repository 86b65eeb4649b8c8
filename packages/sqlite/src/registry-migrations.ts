import type { RegistryMigration } from "@af-tenancy/database";

/** The registry's tables on SQLite. A released step is never changed; a new one is added below. */
export const registryMigrations: readonly RegistryMigration[] = [
  {
    name: "0001-registry",
    statements: [
      "create table tenants (id text not null primary key, slug text null, name text not null, status text not null, version integer not null, plan text null, metadata text not null, maintenance text null, expires_at bigint null, access text not null, placement_driver text null, placement_strategy text null, placement_server text null, placement_name text null, placement_generation integer null, placement_secret text null, created_at bigint not null, updated_at bigint not null, removed_at bigint null)",
      "create unique index tenants_slug_unique on tenants (slug)",
      "create index tenants_status_index on tenants (status)",

      "create table tenant_domains (name text not null primary key, tenant_id text not null, is_primary integer not null, verified_at bigint null, position integer not null)",
      "create index tenant_domains_tenant_id_index on tenant_domains (tenant_id)",

      "create table tenant_operations (sequence integer not null primary key autoincrement, id text not null, tenant_id text not null, open_for text null, kind text not null, generation integer not null, idempotency_key text null, input text not null, state text not null, done text not null, attempt integer not null, lease_owner text null, lease_until bigint null, error text null)",
      "create unique index tenant_operations_id_unique on tenant_operations (id)",
      "create index tenant_operations_tenant_id_index on tenant_operations (tenant_id)",
      "create unique index tenant_operations_open_for_unique on tenant_operations (open_for)",
      "create unique index tenant_operations_idempotency_key_unique on tenant_operations (idempotency_key)",
      "create index tenant_operations_state_index on tenant_operations (state)",

      "create table physical_databases (driver text not null, server text not null, name text not null, tenant_id text not null, strategy text not null, generation integer not null, secret text null, state text not null, primary key (driver, server, name))",
      "create index physical_databases_tenant_id_index on physical_databases (tenant_id)",
      "create index physical_databases_state_index on physical_databases (state)",

      "create table outbox (sequence integer not null primary key autoincrement, type text not null, tenant_id text not null, version integer not null, payload text not null)",

      "create table outbox_cursors (consumer text not null primary key, sequence integer not null)",
    ],
  },
];
