import type { RegistryMigration } from "@af-tenancy/database";
import type { MysqlFlavour } from "./mysql-flavour.ts";

/**
 * The registry's tables on MySQL and MariaDB, in a collation that compares bytes, trailing spaces among them. A released
 * step is never changed; a new one is added below. Each statement makes or adds one thing, so that a step which was
 * interrupted can be taken up.
 */
export function registryMigrations(flavour: MysqlFlavour): readonly RegistryMigration[] {
  const collation = flavour === "mariadb" ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin";
  const table = `engine = InnoDB default character set utf8mb4 collate ${collation}`;
  return [
    {
      name: "0001-registry",
      statements: [
        `create table registry_lock (id integer not null primary key check (id = 1)) ${table}`,
        "insert ignore into registry_lock (id) values (1)",

        `create table tenants (id varchar(64) not null primary key, slug varchar(255) null, name text not null, status varchar(16) not null check (status in ('provisioning', 'pending', 'active', 'inactive', 'suspended', 'blocked', 'archived', 'deleting', 'deleted', 'failed')), version integer not null, plan text null, metadata longtext not null check (json_valid(metadata)), homepage tinyint(1) not null, schema_version varchar(255) null, maintenance longtext null, expires_at bigint null, access varchar(16) not null check (access in ('read-write', 'read-only', 'closed')), placement_driver varchar(64) null, placement_strategy varchar(16) null check (placement_strategy in ('database', 'schema', 'row')), placement_server varchar(255) null, placement_name varchar(255) null, placement_generation integer null, placement_secret longtext null, created_at bigint not null, created_by text null, updated_at bigint not null, updated_by text null, last_accessed_at bigint null, suspended_at bigint null, deleted_at bigint null, grace_until bigint null, former_status varchar(16) null, removed_at bigint null) ${table}`,
        "create unique index tenants_slug_unique on tenants (slug)",
        "create index tenants_status_last_accessed_at_index on tenants (status, last_accessed_at)",
        "create index tenants_placement_index on tenants (placement_driver, placement_server, placement_name)",
        "create index tenants_schema_version_index on tenants (schema_version)",
        "create index tenants_expires_at_index on tenants (expires_at)",
        "create index tenants_grace_until_index on tenants (grace_until)",

        `create table tenant_domains (name varchar(255) not null primary key, tenant_id varchar(64) not null, is_primary tinyint(1) not null, verified_at bigint null, position integer not null, token_hash varchar(64) null, constraint tenant_domains_tenant_id_foreign foreign key (tenant_id) references tenants (id) on delete cascade) ${table}`,
        "create index tenant_domains_tenant_id_index on tenant_domains (tenant_id, position)",
        "create index tenant_domains_unverified_index on tenant_domains (verified_at, name)",

        `create table tenant_operations (sequence bigint not null auto_increment primary key, id varchar(255) not null, tenant_id varchar(64) not null, open_for varchar(64) null, kind varchar(255) not null, generation integer not null, idempotency_key varchar(255) null, input longtext not null, state varchar(16) not null check (state in ('running', 'failed', 'done', 'discarded')), done longtext not null, attempt integer not null, lease_owner varchar(255) null, lease_until bigint null, error longtext null, actor text null, started_at bigint not null, updated_at bigint not null) ${table}`,
        "create unique index tenant_operations_id_unique on tenant_operations (id)",
        "create index tenant_operations_tenant_id_index on tenant_operations (tenant_id)",
        "create unique index tenant_operations_open_for_unique on tenant_operations (open_for)",
        "create unique index tenant_operations_idempotency_key_unique on tenant_operations (idempotency_key)",
        "create index tenant_operations_state_index on tenant_operations (state)",

        `create table physical_databases (driver varchar(64) not null, server varchar(255) not null, name varchar(255) not null, tenant_id varchar(64) not null, strategy varchar(16) not null check (strategy in ('database', 'schema', 'row')), generation integer not null, secret longtext null, state varchar(16) not null check (state in ('creating', 'ready', 'adopted', 'garbage')), primary key (driver, server, name)) ${table}`,
        "create index physical_databases_tenant_id_index on physical_databases (tenant_id)",
        "create index physical_databases_state_index on physical_databases (state)",

        `create table servers (driver varchar(64) not null, name varchar(255) not null, state varchar(16) not null check (state in ('open', 'closed')), capacity integer null, secret longtext null, primary key (driver, name)) ${table}`,

        `create table audit_entries (sequence bigint not null auto_increment primary key, at bigint not null, action varchar(255) not null, tenant_id varchar(64) null, actor varchar(255) null, request_id text null, reason text null, details longtext not null) ${table}`,
        "create index audit_entries_tenant_id_index on audit_entries (tenant_id, sequence)",
        "create index audit_entries_actor_index on audit_entries (actor, sequence)",
        "create index audit_entries_at_index on audit_entries (at)",

        `create table sequences (name varchar(255) not null primary key, last_number bigint not null) ${table}`,

        `create table outbox (sequence bigint not null auto_increment primary key, type varchar(255) not null, tenant_id varchar(64) not null, version integer not null, payload longtext not null) ${table}`,
        "create index outbox_tenant_id_index on outbox (tenant_id, sequence)",

        `create table outbox_cursors (consumer varchar(255) not null primary key, sequence bigint not null) ${table}`,
      ],
    },
    {
      name: "0002-leases",
      statements: [
        `create table leases (name varchar(255) not null primary key, owner varchar(255) not null, held_until bigint not null) ${table}`,
      ],
    },
    {
      name: "0003-migration-plans",
      statements: [
        `create table migration_plans (sequence bigint not null auto_increment primary key, id varchar(64) not null, direction varchar(16) not null check (direction in ('up', 'down', 'fresh')), options longtext not null, up_to_date integer not null, actor varchar(255) null, created_at bigint not null) ${table}`,
        "create unique index migration_plans_id_unique on migration_plans (id)",
        `create table migration_plan_tenants (plan_id varchar(64) not null, position integer not null, tenant_id varchar(64) not null, wave integer not null, state varchar(16) not null check (state in ('waiting', 'done', 'skipped', 'failed', 'quarantined', 'gone')), attempts integer not null, mark text null, result longtext null, primary key (plan_id, position), constraint migration_plan_tenants_plan_id_foreign foreign key (plan_id) references migration_plans (id) on delete cascade) ${table}`,
        "create unique index migration_plan_tenants_tenant_id_unique on migration_plan_tenants (plan_id, tenant_id)",
        "create index migration_plan_tenants_state_index on migration_plan_tenants (plan_id, wave, state, position)",
      ],
    },
    {
      name: "0004-central-domains",
      statements: [
        `create table central_domains (name varchar(255) not null primary key) ${table}`,
      ],
    },
    {
      name: "0005-outbox-times",
      statements: [
        "alter table outbox add column at bigint not null default 0",
        "update outbox set at = cast(unix_timestamp(current_timestamp(3)) * 1000 as signed) where at = 0",
        "create index outbox_at_index on outbox (at)",
      ],
    },
  ];
}
