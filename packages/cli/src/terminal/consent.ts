import type { Session } from "../command/session.ts";
import { ask } from "./ask.ts";

/**
 * Goes on only where somebody agreed: by `--yes`, or when asked. Where nobody can be asked the call is refused, before
 * anything is changed.
 */
export async function askConsent(session: Session, message: string): Promise<void> {
  const { settings, catalogue, refuse } = session;
  if (settings.yes) return;
  if (!settings.mayAsk) refuse(catalogue.refusals.needsYes(settings.command));
  const { confirm } = await import("@clack/prompts");
  const agreed = await ask(session, () => confirm({ message, initialValue: false }));
  if (!agreed) refuse(catalogue.refusals.declined);
}

/** The same for what cannot be undone: a name has to be typed, or the plan of a dry run given with `--yes`. */
export async function askTypedConsent(
  session: Session,
  wanted: { readonly name: string; readonly given: string | undefined },
): Promise<void> {
  const { settings, catalogue, refuse } = session;
  if (settings.yes && wanted.given !== undefined) return;
  if (!settings.mayAsk) refuse(catalogue.refusals.needsPlan(settings.command));
  const { text } = await import("@clack/prompts");
  const message = catalogue.words.typeName(wanted.name);
  const typed = await ask(session, () => text({ message }));
  if (typed !== wanted.name) refuse(catalogue.refusals.declined);
}
