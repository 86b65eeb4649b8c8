import type { Clock } from "../contracts/clock.ts";
import type {
  NewLease,
  NewOperation,
  OperationKey,
  OperationProgress,
  OperationRecord,
  OperationState,
  OperationStore,
} from "../contracts/operations.ts";
import {
  IdempotencyConflictError,
  InvalidInputError,
  OperationInFlightError,
  StaleOperationError,
} from "../errors/registry-errors.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { RegistryTables } from "./registry-tables.ts";

/**
 * Writes the journal into the tables of one transaction. A lease belongs to the owner who is written in it until
 * another one takes it over, which may happen once it has expired or the operation has stopped.
 */
export class MemoryOperations implements OperationStore {
  readonly #tables: () => RegistryTables;
  readonly #clock: Clock;

  constructor(tables: () => RegistryTables, clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
  }

  async open(operation: NewOperation, lease?: NewLease): Promise<OperationRecord> {
    const tables = this.#tables();
    const { id, tenantId, kind, idempotencyKey } = operation;
    if (tables.operations.get(id) !== undefined) {
      throw new InvalidInputError("id", id, "another operation has it");
    }
    if (idempotencyKey !== undefined && tables.idempotencyKeys.get(idempotencyKey) !== undefined) {
      throw new IdempotencyConflictError(idempotencyKey);
    }
    const unfinished = tables.openOperations.get(tenantId);
    if (unfinished !== undefined) {
      throw new OperationInFlightError(tenantId, tables.operations.get(unfinished)?.kind ?? kind);
    }
    if (idempotencyKey !== undefined) tables.idempotencyKeys.set(idempotencyKey, id);
    const now = this.#clock.now();
    return write(tables, {
      ...operation,
      ...{ startedAt: now, updatedAt: now },
      state: "running",
      done: [],
      attempt: lease === undefined ? 0 : 1,
      leaseOwner: lease?.owner,
      leaseUntil: lease && now + lease.leaseMs,
      error: undefined,
    });
  }

  async find(key: OperationKey): Promise<OperationRecord | undefined> {
    const tables = this.#tables();
    const id = "id" in key ? key.id : tables.idempotencyKeys.get(key.idempotencyKey);
    return id === undefined ? undefined : tables.operations.get(id);
  }

  async claim(id: string, owner: string, leaseMs: number): Promise<OperationRecord | undefined> {
    const tables = this.#tables();
    const current = tables.operations.get(id);
    if (current === undefined || isOver(current.state)) return undefined;
    const now = this.#clock.now();
    const renews = current.leaseOwner === owner;
    if (!renews && current.leaseUntil !== undefined && current.leaseUntil > now) return undefined;
    return write(tables, {
      ...current,
      state: "running",
      attempt: renews ? current.attempt : current.attempt + 1,
      leaseOwner: owner,
      leaseUntil: now + leaseMs,
      updatedAt: now,
    });
  }

  async save(id: string, owner: string, progress: OperationProgress): Promise<OperationRecord> {
    const tables = this.#tables();
    const current = tables.operations.get(id);
    if (current?.leaseOwner !== owner) throw new StaleOperationError(id);
    const state = progress.state ?? current.state;
    const works = state === "running";
    return write(tables, {
      ...current,
      state,
      done: progress.done ?? current.done,
      generation: progress.generation ?? current.generation,
      error: "error" in progress ? progress.error : current.error,
      leaseOwner: works ? owner : undefined,
      leaseUntil: works ? current.leaseUntil : undefined,
      updatedAt: this.#clock.now(),
    });
  }

  async unfinished(): Promise<readonly OperationRecord[]> {
    return [...this.#tables().operations.values()].filter(({ state }) => !isOver(state));
  }
}

function isOver(state: OperationState): boolean {
  return state === "done" || state === "discarded";
}

function write(tables: RegistryTables, operation: OperationRecord): OperationRecord {
  const record = frozenCopy(operation);
  tables.operations.set(record.id, record);
  if (isOver(record.state)) tables.openOperations.delete(record.tenantId);
  else tables.openOperations.set(record.tenantId, record.id);
  return record;
}
