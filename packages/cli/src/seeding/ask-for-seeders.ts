import type { Session } from "../command/session.ts";
import { ask } from "../terminal/ask.ts";

/** Lets somebody choose seeders on the terminal, which are numbered as they run. */
export async function askForSeeders(
  session: Session,
  message: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const { multiselect } = await import("@clack/prompts");
  const width = String(names.length).length;
  const options = names.map((value, index) => ({
    value,
    label: `${String(index + 1).padStart(width)}. ${value}`,
  }));
  return ask(session, () => multiselect({ message, options, required: true, maxItems: 15 }));
}
