import { MigrationFailedError } from "@af-tenancy/core";
import type { MigrationSession } from "./migration-session.ts";
import type { MigrationMethod } from "./migration-set.ts";

/** A migration that is to be run. */
export interface Member {
  readonly name: string;
  /** What it sends; `undefined` where it is more than SQL. */
  readonly sql: readonly string[] | undefined;
  /** It can be taken back with its transaction. */
  readonly transactional: boolean;
}

/** Sends what a migration sends, then `check`s, and then sends `remember`; throws `MigrationFailedError`. */
export async function performMigration(
  session: MigrationSession,
  { name, sql }: Member,
  how: {
    readonly method: MigrationMethod;
    readonly tenantId: string;
    readonly batches: boolean;
    check(): Promise<void>;
    readonly remember?: string | undefined;
  },
): Promise<void> {
  const { method, tenantId, batches, remember } = how;
  let sending: string | undefined;
  const tell = (text: string | undefined) => {
    sending = text;
  };
  try {
    if (sql === undefined) await session.perform(name, method, tell);
    for (const text of batches ? inOneMessage(sql ?? []) : (sql ?? [])) {
      tell(text);
      await session.run(text);
    }
    await how.check();
    tell(remember);
    if (remember !== undefined) await session.run(remember);
  } catch (cause) {
    throw new MigrationFailedError(tenantId, name, sending, { cause });
  }
}

function inOneMessage(sql: readonly string[]): readonly string[] {
  return sql.length === 0 ? [] : [sql.map((one) => one.replace(/;\s*$/, "")).join(";\n")];
}
