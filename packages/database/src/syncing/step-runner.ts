import {
  isTransient,
  type MaybePromise,
  type TenancyHost,
  type TenantRecord,
} from "@af-tenancy/core";
import {
  DeadlockException,
  LockWaitTimeoutException,
  UniqueConstraintViolationException,
} from "@mikro-orm/sql";
import { applyChanges } from "./apply-changes.ts";
import { behind } from "./behind.ts";
import { collectChanges } from "./collect-changes.ts";
import type { SyncParts } from "./sync-parts.ts";
import type { SyncAction, SyncCause, SyncStep } from "./sync-step.ts";
import type { RecordKey } from "./tenant-states.ts";

/** Hands a step to whoever does it later. */
export type QueueStep = (step: SyncStep) => MaybePromise<unknown>;

/** Does the steps of syncing, or hands them to the application's queue. */
export class StepRunner {
  readonly #parts: SyncParts;
  readonly #host: TenancyHost;
  readonly #queue: QueueStep | undefined;

  constructor(parts: SyncParts, host: TenancyHost, queue: QueueStep | undefined) {
    this.#parts = parts;
    this.#host = host;
    this.#queue = queue;
  }

  /** Has a step done: now, or by the application's queue. */
  async hand(step: SyncStep): Promise<void> {
    if (this.#queue === undefined) await this.perform(step);
    else await this.#queue(step);
  }

  /** Does a step, and hands over those that follow from it. */
  async perform(step: SyncStep): Promise<void> {
    const { globalId, tenantId, cause } = step;
    const resource = this.#parts.known.list.find(({ name }) => name === step.resource);
    const tenant = await this.#host.registry.store.find({ by: "id", value: tenantId });
    if (resource === undefined || tenant === undefined || !isServable(tenant)) return;
    if (step.to === "tenant") {
      const work = () => applyChanges(this.#parts, tenant, resource, globalId);
      await this.#tell(step, tenantId, await this.#retried(work));
      return;
    }
    const work = () => collectChanges(this.#parts, tenant, resource, globalId);
    await this.#tell(step, null, await this.#retried(work));
    await this.spread(step, cause);
  }

  /** Hands over the steps for the tenants that are behind with a record; what fails for one stops no other. */
  async spread({ resource, globalId }: RecordKey, cause: SyncCause): Promise<void> {
    const errors: unknown[] = [];
    for await (const one of behind(this.#parts.known, { resource, globalId })) {
      const step: SyncStep = Object.freeze({ to: "tenant", ...one, cause });
      await this.hand(step).catch((error: unknown) => errors.push(error));
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "Several tenants were not reached.");
  }

  /** Who met another one at the same record tries again. */
  async #retried<R>(work: () => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || !isConflict(error)) throw error;
        await this.#host.clock.sleep(pause * attempt);
      }
    }
  }

  async #tell(
    { resource, globalId }: SyncStep,
    tenantId: string | null,
    action: SyncAction | undefined,
  ): Promise<void> {
    if (action === undefined) return;
    await this.#host.events.emit("resourceSynced", { resource, globalId, tenantId, action });
  }
}

/** Its database is there, and may be written. */
export function isServable({ placement, access, status }: TenantRecord): boolean {
  if (placement === undefined || access !== "read-write") return false;
  return !["provisioning", "failed", "deleting", "deleted"].includes(status);
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof DeadlockException ||
    error instanceof LockWaitTimeoutException ||
    error instanceof UniqueConstraintViolationException ||
    isTransient(error)
  );
}

const attempts = 5;
const pause = 20;
