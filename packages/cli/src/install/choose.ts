import type { Session } from "../command/session.ts";
import { ask } from "../terminal/ask.ts";

/** Gives what a flag says, or what was found, or else what somebody chooses; `undefined` where nobody can be asked. */
export async function choose<T extends string>(
  session: Session,
  known: T | undefined,
  { question, values }: { readonly question: string; readonly values: readonly T[] },
): Promise<T | undefined> {
  if (known !== undefined || !session.settings.mayAsk) return known;
  const { select } = await import("@clack/prompts");
  const options = values.map((value) => ({ value: String(value) }));
  const chosen = await ask(session, () => select({ message: question, options }));
  return values.find((value) => value === chosen);
}
