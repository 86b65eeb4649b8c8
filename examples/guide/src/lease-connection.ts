import type { Scope } from "@af-tenancy/core";

/** A pool as the application has it, made once and outside every tenant. */
export interface Pool {
  take(signal: AbortSignal): Promise<Connection>;
  give(connection: Connection): void;
}

/** One connection of a pool. */
export interface Connection {
  send(sql: string): Promise<readonly unknown[]>;
  destroy(): void;
}

/** Sends one query for a scope: the scope cannot end under it, and what is in doubt never goes back to the pool. */
export async function queryIn(scope: Scope, pool: Pool, sql: string): Promise<readonly unknown[]> {
  let connection: Connection | undefined;
  const release = scope.lease(() => connection?.destroy());
  try {
    connection = await pool.take(scope.signal);
    const rows = await connection.send(sql);
    pool.give(connection);
    return rows;
  } catch (error) {
    connection?.destroy();
    throw error;
  } finally {
    release();
  }
}
