import type { AuditEntry, ServerRecord } from "../contracts/fleet-records.ts";
import type { MigrationPlan, PlannedTenant } from "../contracts/migration-records.ts";
import type { OperationRecord } from "../contracts/operations.ts";
import type { OutboxEntry } from "../contracts/outbox.ts";
import type { LedgerEntry } from "../contracts/registry.ts";
import type { TenantDomain, TenantRecord } from "../contracts/tenant.ts";
import { DraftMap, type Table } from "./draft-map.ts";

/** What the memory registry keeps. */
export interface RegistryTables {
  readonly tenants: Table<string, TenantRecord>;
  /** Every id that a tenant ever had. */
  readonly usedIds: Table<string, string>;
  /** Slug to tenant id. */
  readonly slugs: Table<string, string>;
  /** Tenant id to its domains, the primary one first. */
  readonly domains: Table<string, readonly TenantDomain[]>;
  /** Domain name to tenant id. */
  readonly domainOwners: Table<string, string>;
  readonly operations: Table<string, OperationRecord>;
  /** Tenant id to its one unfinished operation. */
  readonly openOperations: Table<string, string>;
  /** Idempotency key to operation id. */
  readonly idempotencyKeys: Table<string, string>;
  /** Sequence number to change, without gaps after the first. */
  readonly changes: Table<number, OutboxEntry>;
  /** Sequence number to when the change was written. */
  readonly changeTimes: Table<number, number>;
  /** Consumer to the sequence number up to which it has read. */
  readonly cursors: Table<string, number>;
  /** The keys of the cursors that are consumers'. */
  readonly consumers: Table<string, string>;
  readonly ledger: Table<string, LedgerEntry>;
  /** Domain name to the hash of the token that is to prove it. */
  readonly challenges: Table<string, string>;
  /** Driver and name to server. */
  readonly servers: Table<string, ServerRecord>;
  readonly centralDomains: Table<string, string>;
  readonly audit: Table<number, AuditEntry>;
  /** Name of a sequence to its latest number. */
  readonly sequences: Table<string, number>;
  /** Name of a right to who has it, and until when. */
  readonly leases: Table<string, HeldLease>;
  /** Number to plan. */
  readonly plans: Table<number, MigrationPlan>;
  /** Id of a plan to its number. */
  readonly planNumbers: Table<string, number>;
  /** Plan and position to tenant. */
  readonly planned: Table<string, PlannedEntry>;
}

/** A tenant of a plan. */
interface PlannedEntry {
  readonly planId: string;
  readonly tenant: PlannedTenant;
}

/** Who has a right, and until when. */
interface HeldLease {
  readonly owner: string;
  readonly until: number;
}

/** A transaction's own view of the tables. */
export interface RegistryDraft extends RegistryTables {
  /** Makes the changes visible to everybody, all at once. */
  commit(): void;
}

/** Makes empty tables and the function that begins a draft of them. */
export function registryTables(): { tables: RegistryTables; draft: () => RegistryDraft } {
  const tables = {
    tenants: new Map<string, TenantRecord>(),
    usedIds: new Map<string, string>(),
    slugs: new Map<string, string>(),
    domains: new Map<string, readonly TenantDomain[]>(),
    domainOwners: new Map<string, string>(),
    operations: new Map<string, OperationRecord>(),
    openOperations: new Map<string, string>(),
    idempotencyKeys: new Map<string, string>(),
    changes: new Map<number, OutboxEntry>(),
    changeTimes: new Map<number, number>(),
    cursors: new Map<string, number>(),
    consumers: new Map<string, string>(),
    ledger: new Map<string, LedgerEntry>(),
    challenges: new Map<string, string>(),
    servers: new Map<string, ServerRecord>(),
    centralDomains: new Map<string, string>(),
    audit: new Map<number, AuditEntry>(),
    sequences: new Map<string, number>(),
    leases: new Map<string, HeldLease>(),
    plans: new Map<number, MigrationPlan>(),
    planNumbers: new Map<string, number>(),
    planned: new Map<string, PlannedEntry>(),
  };

  function draft(): RegistryDraft {
    const drafts = {
      tenants: new DraftMap(tables.tenants),
      usedIds: new DraftMap(tables.usedIds),
      slugs: new DraftMap(tables.slugs),
      domains: new DraftMap(tables.domains),
      domainOwners: new DraftMap(tables.domainOwners),
      operations: new DraftMap(tables.operations),
      openOperations: new DraftMap(tables.openOperations),
      idempotencyKeys: new DraftMap(tables.idempotencyKeys),
      changes: new DraftMap(tables.changes),
      changeTimes: new DraftMap(tables.changeTimes),
      cursors: new DraftMap(tables.cursors),
      consumers: new DraftMap(tables.consumers),
      ledger: new DraftMap(tables.ledger),
      challenges: new DraftMap(tables.challenges),
      servers: new DraftMap(tables.servers),
      centralDomains: new DraftMap(tables.centralDomains),
      audit: new DraftMap(tables.audit),
      sequences: new DraftMap(tables.sequences),
      leases: new DraftMap(tables.leases),
      plans: new DraftMap(tables.plans),
      planNumbers: new DraftMap(tables.planNumbers),
      planned: new DraftMap(tables.planned),
    };
    return {
      ...drafts,
      commit: () => {
        for (const table of Object.values(drafts)) table.commit();
      },
    };
  }

  return { tables, draft };
}
