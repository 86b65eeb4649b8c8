import { setTimeout } from "node:timers/promises";
import { DatabaseUnavailableError } from "@af-tenancy/database";
import { codeOf } from "./server-errors.ts";

/**
 * Repeats an attempt until it says that nothing is left to do: others may make, drop or use the same thing meanwhile.
 * Throws what the server says for another reason, or `DatabaseUnavailableError` when it never comes to an end.
 */
export async function untilDone(name: string, attempt: () => Promise<boolean>): Promise<void> {
  let cause: unknown = "others change it at the same time";
  for (let count = 1; count <= maxAttempts; count++) {
    try {
      if (await attempt()) return;
    } catch (error) {
      if (!isContended(error)) throw error;
      cause = error;
    }
    await setTimeout(pause);
  }
  throw new DatabaseUnavailableError(name, { cause, transient: true });
}

const maxAttempts = 40;
const pause = 25;

/** It is in use, appeared, vanished or was changed while the server looked at it, or a session in it was ended. */
function isContended(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailableError ? error.cause : error;
  return contended.test(codeOf(cause));
}

const contended =
  /^(?:55006|3D000|3F000|42P04|42P06|42P07|42704|42710|23505|2BP01|40001|40P01|57P01|57P04|XX000)$/;
