import { isTenancyError } from "@af-tenancy/core";

/** Gives the code of a `TenancyError`, and any other error as it is so that a failed assertion shows it. */
export function codeOf(error: unknown): unknown {
  return isTenancyError(error) ? error.code : error;
}

/** Gives the code with which a promise rejects; anything else, its value included, is given as it is. */
export async function rejectionCode(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return { resolved: await promise };
  } catch (error) {
    return codeOf(error);
  }
}
