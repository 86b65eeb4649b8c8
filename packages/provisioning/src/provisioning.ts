import {
  type AdoptedTenant,
  type ClonedTenant,
  ConfigurationError,
  type FleetMigrations,
  type FleetSeeding,
  type GraceOptions,
  type JsonValue,
  type MoveOptions,
  type NewMaintenance,
  type NewTenant,
  type OperationRecord,
  type PendingTenants,
  type PruneOptions,
  type PruneReport,
  type PurgeAllOptions,
  type PurgeOptions,
  type PurgeReport,
  type RepairOptions,
  type RepairReport,
  type SweepOptions,
  type SweepReport,
  TenancyClosedError,
  type TenancyHost,
  type TenantAccess,
  type TenantDomain,
  type TenantLike,
  type TenantOperations,
  type TenantRecord,
  type TenantReference,
  type TenantUpdate,
} from "@af-tenancy/core";
import { adoptTenant } from "./adopt-tenant.ts";
import { cloneTenant } from "./clone-tenant.ts";
import { createTenant } from "./create-tenant.ts";
import { domainsOf } from "./domains-of.ts";
import { setAccess, setExpiry, setMaintenance } from "./life/conditions.ts";
import { move, softDelete, suspend } from "./life/life-calls.ts";
import type { Move } from "./life/move.ts";
import { moves } from "./life/moves.ts";
import { sweep } from "./life/sweep.ts";
import { makeWorkplace } from "./make-workplace.ts";
import { FleetMigrationCalls } from "./migrations/fleet-migrations.ts";
import { PendingPool } from "./pending/pending-pool.ts";
import { PoolKeeper } from "./pending/pool-keeper.ts";
import { checkProvisioningOptions, type ProvisioningOptions } from "./provisioning-options.ts";
import { pruneHistory } from "./prune-history.ts";
import { purgeAll } from "./purge-all.ts";
import { purgeTenant } from "./purge-tenant.ts";
import { rehearse } from "./rehearse.ts";
import { repair } from "./repair.ts";
import { runOperation } from "./run-operation.ts";
import { FleetSeedingCalls } from "./seeding/fleet-seeding.ts";
import { updateTenant } from "./update-tenant.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Makes what `tenancy.tenants` is: creates and changes tenants, by journalled operations that survive a crash.
 *
 * @example
 * const tenancy = createTenancy({ registry, databases, provisioning: provisioning() });
 * const acme = await tenancy.tenants.create({ slug: "acme", domains: ["acme.example.com"] });
 * @throws ConfigurationError with the option, its value and the remedy
 */
export function provisioning(options: ProvisioningOptions = {}): TenantOperations {
  checkProvisioningOptions(options);
  return new Provisioning(options);
}

class Provisioning implements TenantOperations {
  readonly name = "provisioning";
  readonly migrations: FleetMigrations = new FleetMigrationCalls((work) => this.#work(work));
  readonly seeding: FleetSeeding = new FleetSeedingCalls((work) => this.#work(work));
  readonly pending: PendingTenants;
  readonly #options: ProvisioningOptions;
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<unknown>>();
  #host: TenancyHost | undefined;
  #workplace: Workplace | undefined;
  #keeper: PoolKeeper | undefined;

  constructor(options: ProvisioningOptions) {
    this.#options = Object.freeze({ ...options });
    this.pending = new PendingPool((work) => this.#work(work), options.pending);
  }

  attach(host: TenancyHost): void {
    if (this.#host !== undefined && this.#host !== host) {
      const remedy = "make one for each createTenancy().";
      throw new ConfigurationError("provisioning", "part of another tenancy already", remedy);
    }
    this.#host = host;
    this.#workplace = makeWorkplace(host, this.#options, this.#closing.signal);
    this.#keeper = new PoolKeeper(this.#workplace);
  }

  /** Begins to keep the pool of pending tenants, where the options say how many there are to be. */
  start(): void {
    this.#keeper?.start();
  }

  create(input: NewTenant): Promise<TenantRecord> {
    return this.#work((workplace) => createTenant(workplace, input));
  }

  adopt(input: AdoptedTenant): Promise<TenantRecord> {
    return this.#work((workplace) => adoptTenant(workplace, input));
  }

  clone(source: TenantLike, input: ClonedTenant): Promise<TenantRecord> {
    return this.#work((workplace) => cloneTenant(workplace, source, input));
  }

  update(tenant: TenantLike, changes: TenantUpdate): Promise<TenantRecord> {
    return this.#work((workplace) => updateTenant(workplace, tenant, changes));
  }

  rehearse(wanted: NewTenant | TenantUpdate, tenant?: TenantLike): Promise<void> {
    return this.#work((workplace) => rehearse(workplace, wanted, tenant));
  }

  domains(tenant: TenantLike): Promise<readonly TenantDomain[]> {
    return this.#work((workplace) => domainsOf(workplace, tenant));
  }

  purge(tenant: TenantLike, options?: PurgeOptions): Promise<OperationRecord> {
    return this.#work((workplace) => purgeTenant(workplace, tenant, options));
  }

  purgeAll(tenants: readonly TenantReference[], options?: PurgeAllOptions): Promise<PurgeReport> {
    return this.#work((workplace) => purgeAll(workplace, tenants, options));
  }

  activate(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.activate, tenant, options);
  }

  deactivate(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.deactivate, tenant, options);
  }

  suspend(tenant: TenantLike, options?: GraceOptions): Promise<TenantRecord> {
    return this.#work((workplace) => suspend(workplace, tenant, options));
  }

  resume(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.resume, tenant, options);
  }

  block(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.block, tenant, options);
  }

  unblock(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.unblock, tenant, options);
  }

  archive(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.archive, tenant, options);
  }

  unarchive(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.unarchive, tenant, options);
  }

  delete(tenant: TenantLike, options?: GraceOptions): Promise<TenantRecord> {
    return this.#work((workplace) => softDelete(workplace, tenant, options));
  }

  restore(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#move(moves.restore, tenant, options);
  }

  setExpiry(
    tenant: TenantLike,
    expiresAt: number | undefined,
    options?: MoveOptions,
  ): Promise<TenantRecord> {
    return this.#work((workplace) => setExpiry(workplace, tenant, expiresAt, options));
  }

  setAccess(
    tenant: TenantLike,
    access: TenantAccess,
    options?: MoveOptions,
  ): Promise<TenantRecord> {
    return this.#work((workplace) => setAccess(workplace, tenant, access, options));
  }

  setMaintenance(
    tenant: TenantLike,
    maintenance: NewMaintenance | undefined,
    options?: MoveOptions,
  ): Promise<TenantRecord> {
    return this.#work((workplace) => setMaintenance(workplace, tenant, maintenance, options));
  }

  sweep(options?: SweepOptions): Promise<SweepReport> {
    return this.#work((workplace) => sweep(workplace, options));
  }

  prune(options?: PruneOptions): Promise<PruneReport> {
    return this.#work((workplace) => pruneHistory(workplace, options));
  }

  run(kind: string, tenant: TenantLike, input: JsonValue): Promise<OperationRecord> {
    return this.#work((workplace) => runOperation(workplace, kind, tenant, input));
  }

  repair(options?: RepairOptions): Promise<RepairReport> {
    return this.#work((workplace) => repair(workplace, options));
  }

  /** Stops what runs here between two steps, or leaves a step to itself; `repair` continues it once its lease is over. */
  async close(): Promise<void> {
    this.#closing.abort(new TenancyClosedError("closing"));
    await Promise.allSettled([this.#keeper?.close(), ...this.#working]);
  }

  #move(how: Move, tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord> {
    return this.#work((workplace) => move(workplace, how, tenant, options));
  }

  async #work<R>(work: (workplace: Workplace) => Promise<R>): Promise<R> {
    this.#closing.signal.throwIfAborted();
    if (this.#workplace === undefined) {
      const remedy = "pass it to createTenancy({ provisioning }).";
      throw new ConfigurationError("provisioning", "not part of a tenancy", remedy);
    }
    const working = work(this.#workplace);
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }
}
