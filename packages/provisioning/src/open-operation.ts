import type { NewOperation, RegistryTransaction } from "@af-tenancy/core";
import { v7 } from "uuid";
import { certainTransaction } from "./certain-transaction.ts";
import type { Claim } from "./lease.ts";
import type { Workplace } from "./workplace.ts";

/** What the caller says of an operation that begins. */
export type Intent = Omit<NewOperation, "id">;

/** Writes an intent, with whatever belongs to it, and takes its lease, all in one transaction. */
export async function openOperation(
  workplace: Workplace,
  intent: Intent,
  write?: (transaction: RegistryTransaction) => Promise<void>,
): Promise<Claim> {
  const { leaseMs, nextOwner, closing } = workplace;
  closing.throwIfAborted();
  const id = v7();
  const owner = nextOwner();
  const operation = await certainTransaction(
    workplace,
    async (transaction) => {
      await write?.(transaction);
      return transaction.operations.open({ ...intent, id }, { owner, leaseMs });
    },
    ({ operations }) => operations.find({ id }),
  );
  return { operation, owner };
}
