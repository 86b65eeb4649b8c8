/** Says why something cannot be asked; `undefined` where it can. */
export async function whyNot(ask: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    return String(error);
  }
}
