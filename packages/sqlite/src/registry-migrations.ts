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
  {
    name: "0002-fleet-records",
    statements: [
      "alter table tenants add column homepage integer not null default 0",
      "alter table tenants add column schema_version text null",
      "alter table tenants add column created_by text null",
      "alter table tenants add column updated_by text null",
      "alter table tenants add column last_accessed_at bigint null",
      "alter table tenants add column suspended_at bigint null",
      "alter table tenants add column deleted_at bigint null",
      "alter table tenants add column grace_until bigint null",
      "alter table tenants add column former_status text null",
      "drop index tenants_status_index",
      "create index tenants_status_last_accessed_at_index on tenants (status, last_accessed_at)",
      "create index tenants_placement_index on tenants (placement_driver, placement_server, placement_name)",
      "create index tenants_schema_version_index on tenants (schema_version)",
      "create index tenants_expires_at_index on tenants (expires_at) where expires_at is not null",
      "create index tenants_grace_until_index on tenants (grace_until) where grace_until is not null",

      "create table new_tenant_domains (name text not null primary key, tenant_id text not null references tenants (id) on delete cascade, is_primary integer not null check (is_primary in (0, 1)), verified_at bigint null, position integer not null, token_hash text null)",
      "insert into new_tenant_domains select name, tenant_id, is_primary, verified_at, position, null from tenant_domains",
      "drop table tenant_domains",
      "alter table new_tenant_domains rename to tenant_domains",
      "create index tenant_domains_tenant_id_index on tenant_domains (tenant_id, position)",
      "create index tenant_domains_unverified_index on tenant_domains (name) where verified_at is null",

      "alter table tenant_operations add column actor text null",
      "alter table tenant_operations add column started_at bigint not null default 0",
      "alter table tenant_operations add column updated_at bigint not null default 0",

      "create table servers (driver text not null, name text not null, state text not null check (state in ('open', 'closed')), capacity integer null, secret text null, primary key (driver, name))",

      "create table audit_entries (sequence integer not null primary key autoincrement, at bigint not null, action text not null, tenant_id text null, actor text null, request_id text null, reason text null, details text not null)",
      "create index audit_entries_tenant_id_index on audit_entries (tenant_id, sequence)",
      "create index audit_entries_actor_index on audit_entries (actor, sequence)",
      "create index audit_entries_at_index on audit_entries (at)",

      "create table sequences (name text not null primary key, last_number bigint not null)",

      "create index outbox_tenant_id_index on outbox (tenant_id, sequence)",
    ],
  },
  {
    name: "0003-checks",
    statements: [
      "create table new_tenants (id text not null primary key, slug text null, name text not null, status text not null check (status in ('provisioning', 'pending', 'active', 'inactive', 'suspended', 'blocked', 'archived', 'deleting', 'deleted', 'failed')), version integer not null, plan text null, metadata text not null check (json_valid(metadata)), homepage integer not null check (homepage in (0, 1)), schema_version text null, maintenance text null, expires_at bigint null, access text not null check (access in ('read-write', 'read-only', 'closed')), placement_driver text null, placement_strategy text null check (placement_strategy in ('database', 'schema', 'row')), placement_server text null, placement_name text null, placement_generation integer null, placement_secret text null, created_at bigint not null, created_by text null, updated_at bigint not null, updated_by text null, last_accessed_at bigint null, suspended_at bigint null, deleted_at bigint null, grace_until bigint null, former_status text null, removed_at bigint null)",
      "insert into new_tenants (id, slug, name, status, version, plan, metadata, homepage, schema_version, maintenance, expires_at, access, placement_driver, placement_strategy, placement_server, placement_name, placement_generation, placement_secret, created_at, created_by, updated_at, updated_by, last_accessed_at, suspended_at, deleted_at, grace_until, former_status, removed_at) select id, slug, name, status, version, plan, metadata, homepage, schema_version, maintenance, expires_at, access, placement_driver, placement_strategy, placement_server, placement_name, placement_generation, placement_secret, created_at, created_by, updated_at, updated_by, last_accessed_at, suspended_at, deleted_at, grace_until, former_status, removed_at from tenants",
      // Its domains move first: dropping the table that they refer to would take them along.
      "create table new_tenant_domains (name text not null primary key, tenant_id text not null references new_tenants (id) on delete cascade, is_primary integer not null check (is_primary in (0, 1)), verified_at bigint null, position integer not null, token_hash text null)",
      "insert into new_tenant_domains (name, tenant_id, is_primary, verified_at, position, token_hash) select name, tenant_id, is_primary, verified_at, position, token_hash from tenant_domains",
      "drop table tenant_domains",
      "drop table tenants",
      "alter table new_tenants rename to tenants",
      "alter table new_tenant_domains rename to tenant_domains",

      "create unique index tenants_slug_unique on tenants (slug)",
      "create index tenants_status_last_accessed_at_index on tenants (status, last_accessed_at)",
      "create index tenants_placement_index on tenants (placement_driver, placement_server, placement_name)",
      "create index tenants_schema_version_index on tenants (schema_version)",
      "create index tenants_expires_at_index on tenants (expires_at) where expires_at is not null",
      "create index tenants_grace_until_index on tenants (grace_until) where grace_until is not null",
      "create index tenant_domains_tenant_id_index on tenant_domains (tenant_id, position)",
      "create index tenant_domains_unverified_index on tenant_domains (name) where verified_at is null",
    ],
  },
  {
    name: "0004-state-checks",
    statements: [
      "create table new_tenant_operations (sequence integer not null primary key autoincrement, id text not null, tenant_id text not null, open_for text null, kind text not null, generation integer not null, idempotency_key text null, input text not null, state text not null check (state in ('running', 'failed', 'done', 'discarded')), done text not null, attempt integer not null, lease_owner text null, lease_until bigint null, error text null, actor text null, started_at bigint not null, updated_at bigint not null)",
      "insert into new_tenant_operations (sequence, id, tenant_id, open_for, kind, generation, idempotency_key, input, state, done, attempt, lease_owner, lease_until, error, actor, started_at, updated_at) select sequence, id, tenant_id, open_for, kind, generation, idempotency_key, input, state, done, attempt, lease_owner, lease_until, error, actor, started_at, updated_at from tenant_operations",
      "drop table tenant_operations",
      "alter table new_tenant_operations rename to tenant_operations",
      "create unique index tenant_operations_id_unique on tenant_operations (id)",
      "create index tenant_operations_tenant_id_index on tenant_operations (tenant_id)",
      "create unique index tenant_operations_open_for_unique on tenant_operations (open_for)",
      "create unique index tenant_operations_idempotency_key_unique on tenant_operations (idempotency_key)",
      "create index tenant_operations_state_index on tenant_operations (state)",

      "create table new_physical_databases (driver text not null, server text not null, name text not null, tenant_id text not null, strategy text not null check (strategy in ('database', 'schema', 'row')), generation integer not null, secret text null, state text not null check (state in ('creating', 'ready', 'adopted', 'garbage')), primary key (driver, server, name))",
      "insert into new_physical_databases (driver, server, name, tenant_id, strategy, generation, secret, state) select driver, server, name, tenant_id, strategy, generation, secret, state from physical_databases",
      "drop table physical_databases",
      "alter table new_physical_databases rename to physical_databases",
      "create index physical_databases_tenant_id_index on physical_databases (tenant_id)",
      "create index physical_databases_state_index on physical_databases (state)",
    ],
  },
  {
    name: "0005-leases",
    statements: [
      "create table leases (name text not null primary key, owner text not null, held_until bigint not null)",
    ],
  },
  {
    name: "0006-migration-plans",
    statements: [
      "create table migration_plans (sequence integer not null primary key autoincrement, id text not null, direction text not null check (direction in ('up', 'down', 'fresh')), options text not null check (json_valid(options)), up_to_date integer not null, actor text null, created_at bigint not null)",
      "create unique index migration_plans_id_unique on migration_plans (id)",
      "create table migration_plan_tenants (plan_id text not null references migration_plans (id) on delete cascade, position integer not null, tenant_id text not null, wave integer not null, state text not null check (state in ('waiting', 'done', 'skipped', 'failed', 'quarantined', 'gone')), attempts integer not null, mark text null, result text null, primary key (plan_id, position))",
      "create unique index migration_plan_tenants_tenant_id_unique on migration_plan_tenants (plan_id, tenant_id)",
      "create index migration_plan_tenants_state_index on migration_plan_tenants (plan_id, wave, state, position)",
    ],
  },
  {
    name: "0007-central-domains",
    statements: ["create table central_domains (name text not null primary key)"],
  },
  {
    name: "0008-outbox-times",
    statements: [
      "alter table outbox add column at bigint not null default 0",
      "update outbox set at = cast(unixepoch('subsec') * 1000 as integer) where at = 0",
      "create index outbox_at_index on outbox (at)",
    ],
  },
];
