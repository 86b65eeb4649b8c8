import {
  ConfigurationError,
  InvalidInputError,
  MigrationFailedError,
  type TenantDatabase,
} from "@af-tenancy/core";
import { checkTransactionStatement } from "../connection/check-transaction-statement.ts";
import { inOneMessage } from "./in-one-message.ts";
import type { MigrationDialect } from "./migration-dialect.ts";
import type { MigrationLock } from "./migration-lock.ts";
import type { MigrationSession } from "./migration-session.ts";
import type { MigrationMethod } from "./migration-set.ts";
import { trackAllSql, trackedSqlWhere, trackSql, trackSqlWhere } from "./tracking.ts";

/** A migration that is to be run. */
export interface Member {
  readonly name: string;
  /** What it sends; `undefined` where it is more than SQL. */
  readonly sql: readonly string[] | undefined;
  /** It can be taken back with its transaction. */
  readonly transactional: boolean;
}

/** Throws `MigrationFailedError` for a migration that would begin or end transactions itself. */
export function checkStatements(
  { name, sql }: Member,
  tenantId: string,
  { endsTransaction }: Pick<MigrationDialect, "endsTransaction">,
): void {
  for (const text of sql ?? []) {
    try {
      checkTransactionStatement(text, true);
      if (endsTransaction?.(text) === true)
        throw new InvalidInputError("SQL", "a text of several statements", rule);
    } catch (cause) {
      throw new MigrationFailedError(tenantId, name, text, { cause });
    }
  }
}

/** Where tenants share connections, nothing but a transaction keeps statements in the tenant's schema. */
export function checkAlone(
  { name, sql }: Member,
  { tenantId, placement }: TenantDatabase,
  { transactional }: Pick<MigrationDialect, "transactional">,
): void {
  if (!transactional || placement.strategy === "database") return;
  const remedy = "let it run in a transaction, or give its tenants databases of their own.";
  const cause = new ConfigurationError("migrations", `"${name}" without a transaction`, remedy);
  throw new MigrationFailedError(tenantId, name, sql?.[0], { cause });
}

const rule =
  "leave out what begins or ends a transaction: each migration has one, unless its isTransactional() is false";

/** How a migration is sent and remembered. */
export interface Performance {
  readonly method: MigrationMethod;
  readonly tenantId: string;
  /** It is remembered together with what it did; without this its mark is taken away afterwards. */
  readonly remember: boolean;
  readonly lock: Pick<MigrationLock, "isThere" | "checkPlace" | "mismatch">;
}

/** Sends a migration, and remembers it unless it has gone elsewhere; throws `MigrationFailedError`. */
export async function performMigration(
  session: MigrationSession,
  { name, sql }: Member,
  { method, tenantId, remember, lock }: Performance,
): Promise<void> {
  let sending: string | undefined;
  try {
    const { isThere } = lock;
    if (remember && sql !== undefined && isThere !== undefined) {
      sending = inOneMessage(sql);
      const remembering = `${trackSqlWhere(name, method, isThere)} returning name`;
      const remembered = await session.run(inOneMessage([...sql, remembering]));
      if (remembered.length === 0) throw lock.mismatch("another");
      return;
    }
    if (sql === undefined) {
      await session.perform(name, method, (text) => {
        sending = text;
      });
    }
    for (const text of sql ?? []) {
      sending = text;
      await session.run(text);
    }
    await lock.checkPlace(session);
    sending = trackSql(name, method);
    if (remember) await session.run(sending);
  } catch (cause) {
    throw new MigrationFailedError(tenantId, name, sending, { cause });
  }
}

/**
 * Sends several that are nothing but SQL at once, and remembers them. What it throws does not tell which of them
 * failed, nor which went elsewhere.
 */
export async function performTogether(
  { run, runAll }: MigrationSession,
  members: readonly Member[],
  lock: Pick<MigrationLock, "isThere" | "mismatch">,
): Promise<void> {
  const names = members.map(({ name }) => name);
  if (runAll !== undefined) {
    return runAll([...members.flatMap(({ sql = [] }) => sql), trackAllSql(names)]);
  }
  const { isThere = "false" } = lock;
  const statements = members.flatMap(({ name, sql = [] }) => [
    ...sql,
    trackSqlWhere(name, "up", isThere),
  ]);
  const remembered = await run(inOneMessage([...statements, trackedSqlWhere(names, isThere)]));
  if (remembered.length < members.length) throw lock.mismatch("another");
}
