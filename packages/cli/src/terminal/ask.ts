import type { Session } from "../command/session.ts";

/** Asks on the terminal, with nothing moving meanwhile; throws `InterruptedError` where somebody pressed Ctrl-C. */
export async function ask<T>(
  { catalogue, progress }: Session,
  prompt: () => Promise<T>,
): Promise<Exclude<T, symbol>> {
  await progress.pause();
  const answer = await prompt();
  progress.resume();
  if (typeof answer !== "symbol") return answer as Exclude<T, symbol>;
  const { InterruptedError } = await import("../errors.ts");
  throw new InterruptedError(catalogue.refusals.interrupted);
}
