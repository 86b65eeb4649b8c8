import {
  IdempotencyConflictError,
  InvalidInputError,
  type NewLease,
  type NewOperation,
  OperationInFlightError,
  type OperationKey,
  type OperationProgress,
  type OperationRecord,
  type OperationStore,
  StaleOperationError,
} from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { OperationRow } from "./entities.ts";
import type { RegistrySession } from "./registry-session.ts";

/**
 * Writes the journal in one transaction. A lease belongs to the owner who is written in it until another one takes it
 * over, which may happen once it has expired, in the database's time, or the operation has stopped.
 */
export class OrmOperations implements OperationStore {
  readonly #session: RegistrySession;

  constructor(session: RegistrySession) {
    this.#session = session;
  }

  async open(operation: NewOperation, lease?: NewLease): Promise<OperationRecord> {
    const { Operation } = this.#session.tables;
    const { id, tenantId, kind, generation, idempotencyKey, input, actor } = operation;
    const now = raw<number>(this.#session.now);
    const held = lease && {
      attempt: 1,
      leaseOwner: lease.owner,
      leaseUntil: raw<number>(`${this.#session.now} + ?`, [lease.leaseMs]),
    };
    const row = {
      ...{ id, tenantId, openFor: tenantId, kind, generation },
      idempotencyKey: idempotencyKey ?? null,
      input: JSON.stringify(input),
      ...{ state: "running" as const, done: "[]", attempt: 0, actor: actor ?? null },
      ...{ startedAt: now, updatedAt: now, ...held },
    };
    const conflict = () => this.#conflict(operation);
    const opened = await this.#session.rows().add(Operation, row, { id }, conflict);
    if (opened === undefined) throw new StaleOperationError(id);
    return operationOf(opened);
  }

  async find(key: OperationKey): Promise<OperationRecord | undefined> {
    const where = "id" in key ? { id: key.id } : { idempotencyKey: key.idempotencyKey };
    const row = await this.#session.rows().find(this.#session.tables.Operation, where);
    return row && operationOf(row);
  }

  async claim(id: string, owner: string, leaseMs: number): Promise<OperationRecord | undefined> {
    const { entities, now } = this.#session;
    const claimed = await this.#session.em().nativeUpdate(
      entities.Operation,
      {
        id,
        openFor: { $ne: null },
        $or: [{ leaseOwner: owner }, { leaseUntil: null }, { leaseUntil: { $lte: raw(now) } }],
      },
      {
        state: "running",
        attempt: raw<number>("case when lease_owner = ? then attempt else attempt + 1 end", [
          owner,
        ]),
        leaseOwner: owner,
        leaseUntil: raw<number>(`${now} + ?`, [leaseMs]),
        updatedAt: raw<number>(now),
      },
    );
    return claimed === 0 ? undefined : this.#get(id);
  }

  async save(id: string, owner: string, progress: OperationProgress): Promise<OperationRecord> {
    const { state, done, generation, error } = progress;
    const saved = await this.#session.rows().update(
      this.#session.tables.Operation,
      { id },
      { leaseOwner: owner },
      {
        leaseOwner: owner,
        updatedAt: raw<number>(this.#session.now),
        ...(state !== undefined && { state }),
        ...(state !== undefined && state !== "running" && { leaseOwner: null, leaseUntil: null }),
        ...((state === "done" || state === "discarded") && { openFor: null }),
        ...(done !== undefined && { done: JSON.stringify(done) }),
        ...(generation !== undefined && { generation }),
        ...("error" in progress && { error: error ?? null }),
      },
    );
    if (saved === undefined) throw new StaleOperationError(id);
    return operationOf(saved);
  }

  async unfinished(): Promise<readonly OperationRecord[]> {
    const { Operation } = this.#session.entities;
    const rows = await this.#session
      .em()
      .find(Operation, { openFor: { $ne: null } }, { ...fresh, orderBy: { sequence: "asc" } });
    return rows.map(operationOf);
  }

  async #get(id: string): Promise<OperationRecord> {
    const found = await this.find({ id });
    if (found === undefined) throw new StaleOperationError(id);
    return found;
  }

  async #conflict({ id, tenantId, idempotencyKey }: NewOperation): Promise<Error | undefined> {
    const { Operation } = this.#session.entities;
    const em = this.#session.em();
    if ((await em.count(Operation, { id })) > 0) {
      return new InvalidInputError("id", id, "another operation has it");
    }
    if (idempotencyKey !== undefined && (await em.count(Operation, { idempotencyKey })) > 0) {
      return new IdempotencyConflictError(idempotencyKey);
    }
    const unfinished = await em.findOne(Operation, { openFor: tenantId }, fresh);
    return unfinished === null ? undefined : new OperationInFlightError(tenantId, unfinished.kind);
  }
}

/** Rows are read as they stand and remembered nowhere. */
const fresh = { disableIdentityMap: true } as const;

function operationOf(row: OperationRow): OperationRecord {
  return Object.freeze({
    id: row.id,
    tenantId: row.tenantId,
    kind: row.kind,
    generation: row.generation,
    idempotencyKey: row.idempotencyKey ?? undefined,
    input: JSON.parse(row.input),
    state: row.state,
    done: JSON.parse(row.done),
    attempt: row.attempt,
    leaseOwner: row.leaseOwner ?? undefined,
    leaseUntil: row.leaseUntil ?? undefined,
    error: row.error ?? undefined,
    actor: row.actor ?? undefined,
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
  });
}
