import type {
  Events,
  MaybePromise,
  OperationContext,
  OperationProgress,
  OperationRecord,
  RegistryTransaction,
  TenantRecord,
} from "@af-tenancy/core";

/** An operation as it is run: a registered definition, or one of provisioning's own that also writes the registry. */
export interface OperationKind {
  readonly kind: string;
  readonly steps: readonly KindStep[];
  /** Makes an operation that somebody else left ready to be continued, in the transaction that claims it. */
  takeUp?(transaction: RegistryTransaction, left: LeftOperation): Promise<OperationProgress>;
  /** Writes what a failure means for the tenant, in the transaction that journals it. */
  fail?(transaction: RegistryTransaction, tenant: TenantRecord): Promise<void>;
  /** Tells the listeners once the operation is done. */
  announce?(events: Events, tenant: TenantRecord): MaybePromise<void>;
}

/** A step that acts outside the registry, or writes the registry in the transaction that journals it. */
export interface KindStep {
  readonly name: string;
  /** It is passed over where a tenant has no database. */
  readonly needsDatabase?: boolean;
  /**
   * Its end is journalled together with the next step's. For what costs little to run again where whoever takes over
   * begins anew: each commit of its own would have to reach the disk.
   */
  readonly isNoted?: boolean;
  run?(context: OperationContext): Promise<void>;
  /** Gives the tenant as it leaves it, where it changes it. */
  commit?(
    transaction: RegistryTransaction,
    context: OperationContext,
  ): Promise<TenantRecord | void>;
}

/** An operation that nobody works on any more. */
export interface LeftOperation {
  readonly operation: OperationRecord;
  readonly tenant: TenantRecord;
  /** It stopped in this very process and nothing of it still runs, so it needs no fence. */
  readonly isOwn: boolean;
}
