import type { SqlEntityManager } from "@mikro-orm/sql";
import { UniqueConstraintViolationException } from "@mikro-orm/sql";
import type { RegistryEntities } from "./entities.ts";
import type { RegistryRows } from "./registry-rows.ts";
import type { RegistryTables } from "./registry-table.ts";

/** What the parts of one registry transaction work with. */
export interface RegistrySession {
  readonly entities: RegistryEntities;
  readonly tables: RegistryTables;
  /** SQL of the database's own time in milliseconds. */
  readonly now: string;
  /** A statement that is refused ends the transaction, unless there is a savepoint before it. */
  readonly endsWhenRefused: boolean;
  /** Gives the transaction's entity manager; throws `TransactionEndedError` after its end. */
  em(): SqlEntityManager;
  /** Gives the way to single rows in the transaction; throws `TransactionEndedError` after its end. */
  rows(): RegistryRows;
}

/**
 * Writes with one statement and, when a unique constraint refuses it, throws what `conflict` finds to be in the way. The
 * transaction around it stays usable.
 */
export async function writeUnique<R>(
  session: Pick<RegistrySession, "em" | "endsWhenRefused">,
  write: (em: SqlEntityManager) => Promise<R>,
  conflict: () => Promise<Error | undefined>,
): Promise<R> {
  const em = session.em();
  try {
    if (!session.endsWhenRefused) return await write(em);
    return await em.transactional(write);
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw (await conflict()) ?? error;
  }
}
