/** Gives what a function throws or what its promise rejects with; `undefined` when nothing. */
export async function thrownBy(fn: () => unknown): Promise<unknown> {
  try {
    await fn();
  } catch (error) {
    return error;
  }
  return undefined;
}
