import type {
  LedgerEntry,
  MigrationDirection,
  OperationState,
  PlacementStrategy,
  PlannedState,
  ServerRecord,
  TenantAccess,
  TenantStatus,
} from "@af-tenancy/core";
import { defineEntity, type InferEntity, p } from "@mikro-orm/sql";

/**
 * Makes the registry's entities: new ones for each registry, because MikroORM writes the configuration of the ORM that
 * it belongs to on an entity's prototype. JSON is kept as text that is written and read here, alike on every driver.
 */
export function registryEntities() {
  return {
    Tenant: defineEntity({
      name: "RegistryTenant",
      tableName: "tenants",
      properties: {
        id: p.string().length(64).primary(),
        /** `null` in a tombstone, which keeps the id of a removed tenant from being used again. */
        slug: p.string().unique().nullable(),
        name: p.text(),
        status: p.string().$type<TenantStatus>().length(16).index(),
        version: p.integer(),
        plan: p.string().nullable(),
        metadata: p.text(),
        homepage: p.boolean(),
        schemaVersion: p.string().nullable(),
        maintenance: p.text().nullable(),
        expiresAt: p.bigint("number").nullable(),
        access: p.string().$type<TenantAccess>().length(16),
        placementDriver: p.string().nullable(),
        placementStrategy: p.string().$type<PlacementStrategy>().length(16).nullable(),
        placementServer: p.string().nullable(),
        placementName: p.string().nullable(),
        placementGeneration: p.integer().nullable(),
        placementSecret: p.string().nullable(),
        createdAt: p.bigint("number"),
        createdBy: p.string().nullable(),
        updatedAt: p.bigint("number"),
        updatedBy: p.string().nullable(),
        lastAccessedAt: p.bigint("number").nullable(),
        suspendedAt: p.bigint("number").nullable(),
        deletedAt: p.bigint("number").nullable(),
        graceUntil: p.bigint("number").nullable(),
        formerStatus: p.string().$type<TenantStatus>().length(16).nullable(),
        removedAt: p.bigint("number").nullable(),
      },
    }),
    Domain: defineEntity({
      name: "RegistryDomain",
      tableName: "tenant_domains",
      properties: {
        name: p.string().primary(),
        tenantId: p.string().length(64).index(),
        primary: p.boolean().name("is_primary"),
        verifiedAt: p.bigint("number").nullable(),
        position: p.integer(),
        /** SHA-256 of the token that is to prove it. */
        tokenHash: p.string().length(64).nullable(),
      },
    }),
    Operation: defineEntity({
      name: "RegistryOperation",
      tableName: "tenant_operations",
      properties: {
        sequence: p.bigint("number").primary().autoincrement(),
        id: p.string().unique(),
        tenantId: p.string().length(64).index(),
        /** The tenant's id while the operation is unfinished, so that a tenant has one of these at most. */
        openFor: p.string().length(64).unique().nullable(),
        kind: p.string(),
        generation: p.integer(),
        idempotencyKey: p.string().unique().nullable(),
        input: p.text(),
        state: p.string().$type<OperationState>().length(16).index(),
        done: p.text(),
        attempt: p.integer(),
        leaseOwner: p.string().nullable(),
        leaseUntil: p.bigint("number").nullable(),
        error: p.text().nullable(),
        actor: p.string().nullable(),
        startedAt: p.bigint("number"),
        updatedAt: p.bigint("number"),
      },
    }),
    Database: defineEntity({
      name: "RegistryDatabase",
      tableName: "physical_databases",
      properties: {
        driver: p.string().primary(),
        server: p.string().primary(),
        name: p.string().primary(),
        tenantId: p.string().length(64).index(),
        strategy: p.string().$type<PlacementStrategy>().length(16),
        generation: p.integer(),
        secret: p.string().nullable(),
        state: p.string().$type<LedgerEntry["state"]>().length(16).index(),
      },
    }),
    Server: defineEntity({
      name: "RegistryServer",
      tableName: "servers",
      properties: {
        driver: p.string().primary(),
        name: p.string().primary(),
        state: p.string().$type<ServerRecord["state"]>().length(16),
        capacity: p.integer().nullable(),
        secret: p.text().nullable(),
      },
    }),
    CentralDomain: defineEntity({
      name: "RegistryCentralDomain",
      tableName: "central_domains",
      properties: {
        name: p.string().primary(),
      },
    }),
    AuditEntry: defineEntity({
      name: "RegistryAuditEntry",
      tableName: "audit_entries",
      properties: {
        sequence: p.bigint("number").primary().autoincrement(),
        at: p.bigint("number"),
        action: p.string(),
        tenantId: p.string().length(64).nullable(),
        actor: p.string().nullable(),
        requestId: p.string().nullable(),
        reason: p.text().nullable(),
        details: p.text(),
      },
    }),
    Sequence: defineEntity({
      name: "RegistrySequence",
      tableName: "sequences",
      properties: {
        name: p.string().primary(),
        last: p.bigint("number").name("last_number"),
      },
    }),
    Lease: defineEntity({
      name: "RegistryLease",
      tableName: "leases",
      properties: {
        name: p.string().primary(),
        owner: p.string(),
        until: p.bigint("number").name("held_until"),
      },
    }),
    Plan: defineEntity({
      name: "RegistryPlan",
      tableName: "migration_plans",
      properties: {
        sequence: p.bigint("number").primary().autoincrement(),
        id: p.string().length(64).unique(),
        direction: p.string().$type<MigrationDirection>().length(16),
        options: p.text(),
        upToDate: p.integer(),
        actor: p.string().nullable(),
        createdAt: p.bigint("number"),
      },
    }),
    PlannedTenant: defineEntity({
      name: "RegistryPlannedTenant",
      tableName: "migration_plan_tenants",
      properties: {
        planId: p.string().length(64).primary(),
        position: p.integer().primary(),
        tenantId: p.string().length(64),
        wave: p.integer(),
        state: p.string().$type<PlannedState>().length(16),
        attempts: p.integer(),
        mark: p.text().nullable(),
        result: p.text().nullable(),
      },
    }),
    Change: defineEntity({
      name: "RegistryChange",
      tableName: "outbox",
      properties: {
        sequence: p.bigint("number").primary().autoincrement(),
        type: p.string(),
        tenantId: p.string().length(64),
        version: p.integer(),
        payload: p.text(),
        at: p.bigint("number"),
      },
    }),
    Cursor: defineEntity({
      name: "RegistryCursor",
      tableName: "outbox_cursors",
      properties: {
        consumer: p.string().primary(),
        sequence: p.bigint("number"),
      },
    }),
  };
}

/** The registry's entities. */
export type RegistryEntities = ReturnType<typeof registryEntities>;

/** A row of `tenants`. */
export type TenantRow = InferEntity<RegistryEntities["Tenant"]>;

/** A row of `tenant_operations`. */
export type OperationRow = InferEntity<RegistryEntities["Operation"]>;

/** A row of `tenant_domains`. */
export type DomainRow = InferEntity<RegistryEntities["Domain"]>;

/** A row of `audit_entries`. */
export type AuditRow = InferEntity<RegistryEntities["AuditEntry"]>;

/** A row of `physical_databases`. */
export type DatabaseRow = InferEntity<RegistryEntities["Database"]>;

/** A row of `migration_plans`. */
export type PlanRow = InferEntity<RegistryEntities["Plan"]>;

/** A row of `migration_plan_tenants`. */
export type PlannedTenantRow = InferEntity<RegistryEntities["PlannedTenant"]>;
