import { isTenancyError } from "@af-tenancy/core";

/** Gives what a function throws or what its promise rejects with; `undefined` when nothing. */
export async function thrownBy(fn: () => unknown): Promise<unknown> {
  try {
    await fn();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Gives the code of what a function throws; another error, or none, as it is. */
export async function codeThrownBy(fn: () => unknown): Promise<unknown> {
  const error = await thrownBy(fn);
  return isTenancyError(error) ? error.code : error;
}
