import type { TenantDatabases } from "@af-tenancy/core";

/** Tenants in shared tables of a driver, and the same tables by hand. */
export interface RowCase {
  /** Stands before the names of its cases. */
  readonly prefix: string;
  readonly databases: TenantDatabases;
  /** Inserts notes of the current tenant. */
  fill(notes: readonly NoteRow[]): Promise<unknown>;
  /** Finds notes of the current tenant. */
  ours(request: NotesRequest): Promise<void>;
  /** Finds notes of a tenant with queries that name it, on a MikroORM with a pool of ten connections. */
  byHand(tenantId: string, request: NotesRequest): Promise<void>;
  /** Removes what was made; the databases are closed by then. */
  close(): Promise<void>;
}

/** A note as it is inserted. */
interface NoteRow {
  readonly id: number;
  readonly text: string;
}

/** Which notes are asked for, one query each. */
export interface NotesRequest {
  readonly ids: readonly number[];
  readonly inTransaction: boolean;
}

/** Finds them one after the other with an entity manager. */
export async function findEach<EM extends Transactions<EM>>(
  em: EM,
  { ids, inTransaction }: NotesRequest,
  find: (em: EM, id: number) => Promise<unknown>,
): Promise<void> {
  const findAll = async (current: EM) => {
    for (const id of ids) await find(current, id);
  };
  await (inTransaction ? em.transactional(findAll) : findAll(em));
}

interface Transactions<EM> {
  transactional<R>(work: (em: EM) => Promise<R>): Promise<R>;
}
