import {
  ConfigurationError,
  followChanges,
  InvalidInputError,
  type OutboxEntry,
  type TenancyHost,
  tellFailure,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { behind } from "./behind.ts";
import { checkDeliver, checkedStep, checkMappings } from "./check-calls.ts";
import { deliverLeft } from "./deliver-left.ts";
import { knownResources } from "./known-resources.ts";
import { attach, detach, mappingsOf, type ResourceMapping } from "./mappings.ts";
import {
  type NamedRecord,
  type NamedRecords,
  type NamedTenants,
  namedRecords,
  namedTenants,
} from "./named-records.ts";
import { type SyncEngine, startEngine } from "./sync-engine.ts";
import { areSynced } from "./sync-site.ts";
import type { SyncStep } from "./sync-step.ts";
import type {
  AttachOptions,
  DeliverOptions,
  DetachOptions,
  ResourceSyncing,
  ResourceSyncingOptions,
  SyncReport,
} from "./syncing-options.ts";
import type { RecordKey } from "./tenant-states.ts";

/** Keeps the records of one tenancy alike. */
export class Syncing implements ResourceSyncing {
  readonly name = "resource-syncing";
  readonly #options: ResourceSyncingOptions;
  #engine: SyncEngine | undefined;
  #stop: (() => Promise<void>) | undefined;

  constructor(options: ResourceSyncingOptions) {
    this.#options = options;
  }

  /** Nothing changes when a tenant is entered: flushes are watched wherever they happen. */
  bootstrap(): void {}

  attach(host: TenancyHost): void {
    if (this.#engine !== undefined) {
      const remedy = "make one for each createTenancy().";
      throw new ConfigurationError("resourceSyncing", "part of another tenancy already", remedy);
    }
    const { databases } = host;
    if (!areSynced(databases)) {
      const remedy = "use databases of MikroORM, such as sqlite({ ... }).";
      throw new ConfigurationError("databases", "none whose records can be synced", remedy);
    }
    const known = knownResources(this.#options.resources, databases.syncSites);
    this.#engine = startEngine(host, known, this.#options.queue);
  }

  /** Follows the registry: what a tenant missed is done once it may be written, and a purged one has no records. */
  start(): void {
    const { host, registry } = this.#get();
    const { clock } = host;
    this.#stop = followChanges({
      ...{ registry, clock, consumer: this.name },
      deliver: (change) => this.#follow(change),
      failed: (error, tenantId) => void tellFailure(host, error, tenantId ?? null),
    });
  }

  async close(): Promise<void> {
    const stop = this.#stop;
    this.#stop = undefined;
    await stop?.();
  }

  async attachRecords(
    records: NamedRecords,
    tenants: NamedTenants,
    { em, pivot }: AttachOptions = {},
  ): Promise<void> {
    const { registry, parts } = this.#get();
    for (const id of namedTenants(tenants)) {
      if ((await registry.store.find({ by: "id", value: id })) !== undefined) continue;
      throw new InvalidInputError("tenant", id, "it is a tenant's id");
    }
    const given = pivot === undefined ? {} : { pivot };
    await this.#change("attached", records, tenants, em, (own, { resource, ...key }) =>
      attach(own, parts.known, resource, { ...key, ...given }, parts.now()),
    );
  }

  async detachRecords(
    records: NamedRecords,
    tenants: NamedTenants,
    { em }: DetachOptions = {},
  ): Promise<void> {
    const { parts } = this.#get();
    await this.#change("detached", records, tenants, em, (own, { resource, ...key }) =>
      detach(own, parts.known, resource, key, parts.now()),
    );
  }

  async mappings(
    only: Partial<RecordKey & { tenantId: string }> = {},
  ): Promise<readonly ResourceMapping[]> {
    const { known } = this.#get().parts;
    checkMappings(only);
    return mappingsOf(known.central.em(), known, only);
  }

  async perform(step: SyncStep): Promise<void> {
    const { runner, parts } = this.#get();
    await runner.perform(checkedStep(parts.known, step));
  }

  async deliver(options: DeliverOptions = {}): Promise<SyncReport> {
    checkDeliver(options);
    return deliverLeft(this.#get(), options);
  }

  async #change(
    cause: "attached" | "detached",
    records: NamedRecords,
    tenants: NamedTenants,
    em: SqlEntityManager | undefined,
    write: (own: SqlEntityManager, one: NamedMapping) => Promise<boolean>,
  ): Promise<void> {
    const { parts, notebooks } = this.#get();
    const { known } = parts;
    const central = em ?? known.central.em();
    if (central.getMetadata() !== known.central.metadata) {
      throw new InvalidInputError("em", central.name, "it is one of db.central()");
    }
    const named = namedRecords(known, records);
    await central.transactional(async (own) => {
      for (const { resource, globalId } of named) {
        for (const tenantId of namedTenants(tenants)) {
          if (!(await write(own, { resource, globalId, tenantId }))) continue;
          const key = { resource: resource.name, globalId, tenantId };
          notebooks.addStep(own, Object.freeze({ to: "tenant", ...key, cause }));
        }
      }
    });
  }

  async #follow({ type, tenantId }: OutboxEntry): Promise<void> {
    const { parts, runner } = this.#get();
    if (type === "tenant.purged") {
      await parts.known.central.em().nativeDelete(parts.known.mappings, { tenantId });
      return;
    }
    for await (const one of behind(parts.known, { tenantId })) {
      await runner.hand(Object.freeze({ to: "tenant", ...one, cause: "left" }));
    }
  }

  #get(): SyncEngine {
    if (this.#engine !== undefined) return this.#engine;
    throw new ConfigurationError(
      "resourceSyncing",
      "not part of a tenancy",
      "pass it to createTenancy({ bootstrappers }).",
    );
  }
}

/** A record, its resource and a tenant. */
type NamedMapping = NamedRecord & { readonly tenantId: string };
