import { sqlRunner } from "@af-tenancy/database";
import type { ServerAddress } from "../connection-options.ts";
import type { PostgresqlDriver } from "../postgresql-driver.ts";
import type { PostgresqlPatient } from "./postgresql-patient.ts";

/** The first connection to a server that is looked at, or why there is none. */
export type First =
  | (Pick<PostgresqlPatient, "address" | "refusal"> & {
      readonly driver: PostgresqlDriver;
      /** As it could be reached, which may be other than it was configured. */
      readonly reached: ServerAddress;
    })
  | { readonly error: unknown };

/** A pooler that nobody spoke of refuses a session's settings, and is looked at without them. */
export async function openFirst(
  addressOf: () => ServerAddress,
  open: (address: ServerAddress) => Promise<PostgresqlDriver>,
): Promise<First> {
  try {
    const address = addressOf();
    try {
      return { address, reached: address, refusal: undefined, driver: await open(address) };
    } catch (error) {
      if (address.pooler || !/unsupported startup parameter/.test(textOf(error))) throw error;
      const reached = { ...address, pooler: true };
      const refusal = "What answers there refuses the settings of a session, as PgBouncer does.";
      return { address, reached, refusal, driver: await open(reached) };
    }
  } catch (error) {
    return { error };
  }
}

/** Opens two further connections for one piece of work. */
export async function inTwo<R>(
  open: () => Promise<PostgresqlDriver>,
  work: Parameters<PostgresqlPatient["inTwo"]>[0],
): Promise<R> {
  const one = await open();
  try {
    const other = await open();
    try {
      const [first, second] = [await one.acquireConnection(), await other.acquireConnection()];
      return (await work(sqlRunner(first), sqlRunner(second))) as R;
    } finally {
      await other.destroy();
    }
  } finally {
    await one.destroy();
  }
}

function textOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? String(error) : `${error} ${textOf(cause)}`;
}
