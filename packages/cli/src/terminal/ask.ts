import type { Session } from "../command/session.ts";

/**
 * Asks on the terminal, with nothing moving meanwhile; throws `InterruptedError` where somebody pressed Ctrl-C, or Ctrl-D,
 * which ends the input.
 */
export async function ask<T>(
  { catalogue, progress }: Session,
  prompt: () => Promise<T>,
): Promise<Exclude<T, symbol>> {
  await progress.pause();
  const { updateSettings } = await import("@clack/prompts");
  // Its readline closes then, and nobody would answer any more.
  updateSettings({ aliases: { "\u0004": "cancel" } });
  const answer = await prompt();
  progress.resume();
  if (typeof answer !== "symbol") return answer as Exclude<T, symbol>;
  const { InterruptedError } = await import("../errors.ts");
  throw new InterruptedError(catalogue.refusals.interrupted);
}
